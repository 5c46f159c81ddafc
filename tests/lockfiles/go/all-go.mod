// A go.mod with every directive of the reference.
module example.com/all // a comment

go 1.24
toolchain go1.24.1
godebug default=go1.21

require example.com/single v1.0.0
require (
	"example.com/quoted" v1.1.0
	`example.com/raw` v1.1.1 // indirect
	example.com/replaced v1.2.0
	example.com/replaced-version v1.3.0
	example.com/replaced-other v1.3.0 // indirect; a reason
	example.com/local v1.4.0
)

exclude example.com/excluded v1.0.0

replace (
	example.com/replaced => evil.example.com/replacement v1.2.1
	example.com/replaced-version v1.3.0 => example.com/replaced-version v1.3.9
	example.com/replaced-other v9.9.9 => example.com/never v1.0.0
	example.com/local => ../local
)
replace example.com/only-indirectly => example.com/fork v0.1.0

retract [v1.0.0, v1.9.9]
tool example.com/single/cmd/tool
ignore ./node_modules
frobnicate example.com/unknown v1.0.0
