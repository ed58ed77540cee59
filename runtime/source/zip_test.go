package source

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

func TestDamagedZip(t *testing.T) {
	whole := makeZip(t, item{name: "a", body: strings.Repeat("abc", 1000)})
	edit := func(sig string, at int, value uint32) []byte {
		z := bytes.Clone(whole)
		i := bytes.LastIndex(z, []byte(sig))
		binary.LittleEndian.PutUint32(z[i+at:], value)
		return z
	}
	const crcAt, sizeAt = 16, 24 // in the central directory
	for name, c := range map[string]struct {
		data          []byte
		path, problem string
	}{
		"empty":          {nil, "", "not a zip"},
		"not zip":        {[]byte("hello"), "", "not a zip"},
		"before":         {append([]byte("#!/bin/sh\n"), whole...), "", "not a zip"},
		"after":          {append(bytes.Clone(whole), "garbage"...), "", "goes on after its end"},
		"cut":            {whole[:len(whole)-30], "", "ends too early"},
		"cut at end":     {whole[:len(whole)-1], "", "ends too early"},
		"size too small": {edit(zipCentral, sizeAt, 10), "a", "damaged"},
		"size too large": {edit(zipCentral, sizeAt, 1<<20), "a", "ends too early"},
		"size huge":      {edit(zipCentral, sizeAt, 1<<31), "a", "limit of 32 MB"},
		"checksum":       {edit(zipCentral, crcAt, 7), "a", "checksum"},
		"encrypted":      {edit(zipCentral, 8, 8<<16|1), "a", "encrypted"},
		"method":         {edit(zipCentral, 8, 99<<16|8), "a", "method other"},
		"no entry there": {edit(zipCentral, 42, 1<<20), "a", "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := FromZip(c.data, Limits{})
			wantError(t, err, c.path, c.problem)
		})
	}
}

func TestZipDirectoryIsCountedBeforeItIsListed(t *testing.T) {
	_, err := FromZip([]byte(zipLocal+strings.Repeat(zipCentral, 200)+zipEnd+strings.Repeat("\x00", 18)), Limits{Files: 10})
	wantError(t, err, "", "more than the 10 files")
}

func TestZipBombByRatio(t *testing.T) {
	bomb := makeZip(t, item{name: "zeros", body: string(make([]byte, 8<<20))})
	_, err := FromZip(bomb, Limits{Bytes: 1 << 20})
	wantError(t, err, "zeros", "limit of 1 MB")
}

func TestEmptyZip(t *testing.T) {
	tree, err := FromZip(makeZip(t), Limits{})
	if err != nil || len(tree.Files()) != 0 {
		t.Errorf("%v, %v", tree, err)
	}
}
