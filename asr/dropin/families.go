package dropin

// families is the table of what can be opened, narrow rules before wide ones.
// One row a family: the roles of its files, what its first graph must look
// like, and its loader.
func families() []family {
	return []family{}
}
