package shop

// Product is one article of the catalogue.
type Product struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Name     string   `json:"name"` // short, as it is spoken
	Category string   `json:"category"`
	Aliases  []string `json:"aliases,omitempty"`
	Price    Fen      `json:"price"`
	Stock    int      `json:"stock"`
	Colours  []string `json:"colours,omitempty"`
	Sizes    []string `json:"sizes,omitempty"`
	// Attributes are typed facts in the order in which they are shown.
	Attributes []Attribute `json:"attributes"`
	// SizeChart tells which size fits whom; empty where there are no sizes.
	SizeChart []SizeRow `json:"size_chart,omitempty"`
	// GoesWith lists products that suit it.
	GoesWith []string `json:"goes_with,omitempty"`
	// Image is a path of the picture inside the shop's image file system.
	Image string `json:"image"`
}

// Attribute is one fact about a product, as it is spoken.
type Attribute struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// SizeRow says for which body a size is made: height in cm, weight in kg,
// upper bounds included; for shoes the length of the foot in mm.
type SizeRow struct {
	Size      string `json:"size"`
	MinHeight int    `json:"min_height,omitempty"`
	MaxHeight int    `json:"max_height,omitempty"`
	MinWeight int    `json:"min_weight,omitempty"`
	MaxWeight int    `json:"max_weight,omitempty"`
	Foot      int    `json:"foot,omitempty"`
}

// Attribute looks one up by name.
func (p Product) Attribute(name string) (value string, ok bool) {
	for _, a := range p.Attributes {
		if a.Name == name {
			return a.Value, true
		}
	}
	return "", false
}
