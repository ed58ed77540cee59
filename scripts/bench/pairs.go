package main

// compared is what alternating pairs gave, in milliseconds, and ours by theirs of each pair.
type compared struct{ ours, hand, ratios []float64 }

// comparePairs measures ours and what is done by hand one after the other. Every other pair begins with the other, so
// that what one leaves to the machine burdens both alike.
func comparePairs(pairs int, ours, hand func() (float64, error)) (c compared, err error) {
	for i := range pairs {
		var mine, docker float64
		steps := []func() error{
			func() (err error) { mine, err = ours(); return err },
			func() (err error) { docker, err = hand(); return err },
		}
		for j := range steps {
			if err := steps[(i+j)%2](); err != nil {
				return c, err
			}
		}
		progress("%d/%d: previewd %.0f ms, docker %.0f ms", i+1, pairs, mine, docker)
		c.ours, c.hand, c.ratios = append(c.ours, mine), append(c.hand, docker), append(c.ratios, mine/docker)
	}
	return c, nil
}
