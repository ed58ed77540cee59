package golang

import "go/token"

// binary is what an operator makes of two values.
func binary(op token.Token, x, y value) value {
	switch op {
	case token.EQL:
		return equal(x, y)
	case token.NEQ:
		if b, ok := equal(x, y).(boolean); ok {
			return !b
		}
		return nil
	case token.LAND, token.LOR:
		return logic(op, x, y)
	case token.ADD:
		if v, ok := concatenated(x, y); ok {
			return v
		}
	}
	switch a := x.(type) {
	case number:
		if b, ok := y.(number); ok {
			return arithmetic(op, a, b)
		}
	case text:
		if b, ok := y.(text); ok && a.known() && b.known() {
			return ordered(op, a, b)
		}
	}
	return nil
}

func concatenated(x, y value) (value, bool) {
	a, okA := x.(text)
	b, okB := y.(text)
	switch {
	case okA && okB:
		if len(a)+len(b) > 1<<14 {
			return missing("long"), true
		}
		return a + b, true
	case okA:
		return a + missing("value"), true
	case okB:
		return missing("value") + b, true
	}
	return nil, false
}

func logic(op token.Token, x, y value) value {
	a, okA := x.(boolean)
	b, okB := y.(boolean)
	switch {
	case okA && okB && op == token.LAND:
		return a && b
	case okA && okB:
		return a || b
	case okB && op == token.LAND && !bool(b), okB && op == token.LOR && bool(b):
		return b
	}
	return nil
}

func arithmetic(op token.Token, a, b number) value {
	switch op {
	case token.ADD:
		return a + b
	case token.SUB:
		return a - b
	case token.MUL:
		return a * b
	case token.QUO, token.REM:
		return divided(op, a, b)
	}
	if v := bits(op, a, b); v != nil {
		return v
	}
	return ordered(op, a, b)
}

func divided(op token.Token, a, b number) value {
	switch {
	case b == 0:
		return nil // the program ends here
	case op == token.QUO:
		return a / b
	}
	return a % b
}

func bits(op token.Token, a, b number) value {
	switch op {
	case token.AND:
		return a & b
	case token.OR:
		return a | b
	case token.XOR:
		return a ^ b
	case token.AND_NOT:
		return a &^ b
	case token.SHL:
		if b >= 0 && b < 63 {
			return a << b
		}
	case token.SHR:
		if b >= 0 {
			return a >> b
		}
	}
	return nil
}

func ordered[T number | text](op token.Token, a, b T) value {
	switch op {
	case token.LSS:
		return boolean(a < b)
	case token.LEQ:
		return boolean(a <= b)
	case token.GTR:
		return boolean(a > b)
	case token.GEQ:
		return boolean(a >= b)
	}
	return nil
}

// equal compares. Nothing is said of what is not known.
func equal(x, y value) value {
	switch a := x.(type) {
	case text:
		if b, ok := y.(text); ok && a.known() && b.known() {
			return boolean(a == b)
		}
	case number:
		if b, ok := y.(number); ok {
			return boolean(a == b)
		}
	case boolean:
		if b, ok := y.(boolean); ok {
			return boolean(a == b)
		}
	case null:
		return isNil(y)
	default:
		if _, ok := y.(null); ok {
			return isNil(x)
		}
	}
	return nil
}

func isNil(v value) value {
	switch v := v.(type) {
	case null:
		return boolean(true)
	case pointer, *object, *function, *node, *muxRoute, stripped:
		return boolean(false)
	case *list:
		if len(v.items) > 0 {
			return boolean(false)
		}
	case *dict:
		if len(v.keys) > 0 {
			return boolean(false)
		}
	}
	return nil
}
