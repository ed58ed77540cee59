package ecma

import (
	"previewd/runtime/endpoints/internal/ecma/eval"
	"previewd/runtime/endpoints/internal/route"
)

func (s *search) folders(_ *eval.Package, _ string, _ []string) []route.Endpoint { return nil }
