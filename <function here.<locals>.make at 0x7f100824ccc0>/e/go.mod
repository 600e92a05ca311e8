module ex.com/e
go 1.22
require ex.com/a v1.0.0
replace ex.com/a => ../a
require ex.com/b v1.0.0
replace ex.com/b => ../b
require ex.com/c v1.0.0
replace ex.com/c => ../c
require ex.com/d v1.0.0
replace ex.com/d => ../d
require ex.com/e v1.0.0
replace ex.com/e => ../e
require ex.com/f v1.0.0
replace ex.com/f => ../f
