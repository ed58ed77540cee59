package storagetest

// Err leaves the error of what a call returns.
func Err[T any](_ T, err error) error { return err }
