// Verifies our proofs with Go's own packages: sumdb/note and sumdb/tlog of golang.org/x/mod.
//
//	verify-tlog vkey inclusion <tlog-proof>
//	verify-tlog vkey consistency <older checkpoint> <add-checkpoint body>
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func read(file string) string {
	text, err := os.ReadFile(file)
	check(err)
	return string(text)
}

// open verifies a checkpoint. tlog.ParseTree takes only the name of Go's own log, so its lines are read here.
func open(text string, verifier note.Verifier) tlog.Tree {
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		check(fmt.Errorf("not a checkpoint of %s", verifier.Name()))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: root}
}

func hashes(lines []string) (result []tlog.Hash) {
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		check(err)
		result = append(result, hash)
	}
	return result
}

func main() {
	verifier, err := note.NewVerifier(os.Args[1])
	check(err)
	head, checkpoint, _ := strings.Cut(read(os.Args[len(os.Args)-1]), "\n\n")
	lines := strings.Split(head, "\n")
	tree := open(checkpoint, verifier)
	if os.Args[2] == "inclusion" {
		entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
		check(err)
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
		check(err)
		check(tlog.CheckRecord(hashes(lines[3:]), tree.N, tree.Hash, index, tlog.RecordHash(entry)))
	} else {
		older := open(read(os.Args[3]), verifier)
		check(tlog.CheckTree(hashes(lines[1:]), tree.N, tree.Hash, older.N, older.Hash))
	}
	fmt.Println("verified")
}
