// Package testapp is an app that misbehaves as its arguments say, for tests of the shim. Each argument is one step:
//
//	http=ADDR     serve HTTP on ADDR ("hello from ADDR") from now on; http6= for a socket of IPv6 only
//	raw=ADDR      listen and say "not http" to everybody
//	sleep=1s      wait
//	close=ADDR    stop listening
//	print=TEXT    write a line to stdout
//	env=NAME      print NAME=value
//	read=FILE     print the file, or the error
//	ignore        ignore SIGTERM
//	orphans=N     start N grandchildren that end at once and whose parent is gone
//	daemon        leave a process of another session behind
//	exit=N, kill=N  end by a code or by a signal
//	stdin         end with code 9 when stdin ends
//
// After the last step it stays.
package testapp

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Arg is the first argument that makes a test program this app.
const Arg = "testapp"

// Is says whether this process is to be the app: TestMain asks before anything else.
func Is() bool { return len(os.Args) > 1 && os.Args[1] == Arg }

// Command is the argv of the app for the running test program.
func Command(steps ...string) []string {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return append([]string{self, Arg}, steps...)
}

// Run goes through the steps of the command line.
func Run() {
	a := app{listeners: map[string]net.Listener{}}
	for _, step := range os.Args[2:] {
		name, value, _ := strings.Cut(step, "=")
		if err := a.step(name, value); err != nil {
			fmt.Fprintln(os.Stderr, step+":", err)
			os.Exit(70)
		}
	}
	select {}
}

type app struct{ listeners map[string]net.Listener }

func (a app) step(name, value string) error {
	switch name {
	case "http", "http6", "raw":
		return a.listen(name, value)
	case "close":
		return a.listeners[value].Close()
	case "sleep":
		d, err := time.ParseDuration(value)
		time.Sleep(d)
		return err
	case "print":
		fmt.Println(value)
	case "env":
		v, ok := os.LookupEnv(value)
		fmt.Printf("%s=%s %v\n", value, v, ok)
	case "read":
		body, err := os.ReadFile(value)
		fmt.Printf("%s: %d bytes, %v\n", value, len(body), err)
	case "ignore":
		signal.Ignore(syscall.SIGTERM)
	case "stdin":
		go func() { _, _ = io.Copy(io.Discard, os.Stdin); os.Exit(9) }()
	default:
		return a.process(name, value)
	}
	return nil
}

func (a app) process(name, value string) error {
	switch name {
	case "orphans":
		n, _ := strconv.Atoi(value)
		script := fmt.Sprintf("for i in $(seq %d); do (sleep 0.05 & exit 0); done", n)
		return exec.Command("/bin/sh", "-c", script).Run()
	case "daemon":
		cmd := exec.Command("/bin/sleep", "1000")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		return cmd.Start()
	case "exit":
		code, err := strconv.Atoi(value)
		if err == nil {
			os.Exit(code)
		}
		return err
	case "kill":
		number, err := strconv.Atoi(value)
		if err != nil {
			return err
		}
		_ = syscall.Kill(os.Getpid(), syscall.Signal(number))
		select {}
	}
	return fmt.Errorf("unknown step %q", name)
}

func (a app) listen(kind, addr string) error {
	var config net.ListenConfig
	network := "tcp"
	if kind == "http6" {
		network = "tcp6"
	}
	ln, err := config.Listen(context.Background(), network, addr)
	if err != nil {
		return err
	}
	a.listeners[addr] = ln
	if kind == "raw" {
		go serveRaw(ln)
		return nil
	}
	go func() {
		_ = http.Serve(ln, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { //nolint:gosec // a test
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, "hello from ", addr)
		}))
	}()
	return nil
}

func serveRaw(ln net.Listener) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		_, _ = fmt.Fprintln(conn, "not http")
		_ = conn.Close()
	}
}
