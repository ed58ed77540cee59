package app

// Members is how many previewd this one knows on its database.
func (a *App) Members() int { return a.replica.Members() }
