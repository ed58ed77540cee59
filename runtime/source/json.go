package source

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// File is one file of a project that was sent as a list.
type File struct {
	Content    []byte
	Executable bool
}

// FromFiles takes files by path.
func FromFiles(files map[string]File, lim Limits) (*Tree, error) {
	b := newBuilder(lim)
	for path, f := range files {
		if err := b.addFile(path, int64(len(f.Content)), f.Executable, bytes.NewReader(f.Content)); err != nil {
			return nil, corrupt(err)
		}
	}
	return b.tree()
}

// FromJSON reads {"project_id": "…", "files": {path: content}} to its end. A content is a string, or
// {"content": "…", "encoding": "base64"|"utf-8", "executable": true} of which only content is required. Other members of the outer object are ignored. What is
// wrong with the body is an *Error; when r itself fails, its error is returned wrapped.
func FromJSON(r io.Reader, lim Limits) (projectID string, tree *Tree, err error) {
	b := newBuilder(lim)
	in := &input{r: r}
	// JSON may spell each byte in six.
	d, given := json.NewDecoder(&capped{r: in, left: 6*b.lim.Bytes + b.lim.tarBytes()}), false
	err = members(d, "the body has to be an object with the member files, itself an object of contents by path", func(key string) error {
		switch key {
		case "project_id":
			return decodeText(d, key, &projectID)
		case "files":
			given = true
			return members(d, "files: want an object of contents by path", func(path string) error { return b.addJSON(path, d) })
		}
		var ignored json.RawMessage
		return d.Decode(&ignored)
	})
	if err == nil {
		err = ended(d)
	}
	if err == nil && !given {
		err = problem("", "files: is required")
	}
	if err != nil {
		return "", nil, in.jsonFault(err)
	}
	tree, err = b.tree()
	return projectID, tree, err
}

// members calls f after each key of an object; f has to read the value. Decoding into a map would hide that a path is there twice.
// What is no object is refused in the words of wanted.
func members(d *json.Decoder, wanted string, f func(key string) error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.Join(err, problem("", wanted))
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		if err := f(key.(string)); err != nil { // a decoder accepts only strings as keys
			return err
		}
	}
	_, err := d.Token()
	return err
}

func decodeText(d *json.Decoder, key string, text *string) error {
	var value any
	if err := d.Decode(&value); err != nil {
		return err
	}
	var ok bool
	if *text, ok = value.(string); !ok {
		return problem("", key+": want a string")
	}
	return nil
}

func ended(d *json.Decoder) error {
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return problem("", "the body goes on after its end")
	}
	return nil
}

func (b *builder) addJSON(path string, d *json.Decoder) error {
	var c content
	if err := d.Decode(&c); err != nil {
		var own *Error
		if errors.As(err, &own) {
			return &Error{Path: path, Problem: own.Problem, TooLarge: own.TooLarge}
		}
		return err
	}
	return b.addFile(path, int64(len(c.Content)), c.Executable, bytes.NewReader(c.Content))
}

// content is a File as JSON spells it.
type content File

func (c *content) UnmarshalJSON(raw []byte) error {
	if !utf8.Valid(raw) { // the decoder would replace what is not
		return problem("", "is not UTF-8: send it as base64")
	}
	var text string
	if err := json.Unmarshal(raw, &text); err == nil && string(raw) != "null" {
		c.Content = []byte(text)
		return nil
	}
	var long struct {
		Content    *string `json:"content"`
		Encoding   *string `json:"encoding"`
		Executable bool    `json:"executable"`
	}
	if err := json.Unmarshal(raw, &long); err != nil || long.Content == nil {
		return problem("", `needs a string or {"content": "…", "encoding": "base64"} as its content`)
	}
	c.Executable = long.Executable
	encoding := "utf-8"
	if long.Encoding != nil {
		encoding = *long.Encoding
	}
	switch encoding {
	case "utf-8", "utf8":
		c.Content = []byte(*long.Content)
		return nil
	case "base64":
		data, err := base64.StdEncoding.DecodeString(*long.Content)
		if err != nil {
			return problem("", "is not valid base64")
		}
		c.Content = data
		return nil
	}
	return problem("", fmt.Sprintf("has the unknown encoding %q; known are utf-8 and base64", encoding))
}

// jsonFault is fault with the words of a JSON body.
func (in *input) jsonFault(err error) error {
	if in.err != nil {
		return fmt.Errorf("receiving the files: %w", in.err)
	}
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return problem("", "the body ends too early")
	}
	return problem("", "the body is not valid JSON: "+err.Error())
}
