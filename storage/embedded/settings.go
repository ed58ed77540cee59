package embedded

import (
	"maps"
	"slices"
)

// settings of the server, given on its command line so that an upgrade of previewd changes them too.
//
// synchronous_commit stays on: an upload that was answered is stored, whatever happens next. Writes that may be
// lost in a crash (phases, logs) say so themselves, statement by statement.
var settings = map[string]string{
	"listen_addresses":        "", // the socket only
	"port":                    "5432",
	"unix_socket_directories": inherited + "/run",
	"unix_socket_permissions": "0700",
	"hba_file":                inherited + "/hba.conf",
	"ident_file":              inherited + "/ident.conf",

	"max_connections":                 "50",
	"shared_buffers":                  "64MB",
	"work_mem":                        "4MB",
	"maintenance_work_mem":            "32MB",
	"max_wal_size":                    "256MB",
	"wal_level":                       "minimal",
	"max_wal_senders":                 "0",
	"max_parallel_workers_per_gather": "0",
	"max_worker_processes":            "2",
	"max_logical_replication_workers": "0",
	"autovacuum_max_workers":          "1",
	"jit":                             "off",
	"dynamic_shared_memory_type":      "mmap", // containers have a small /dev/shm
	"synchronous_commit":              "on",

	// Statements and rows may hold the secrets of a launch's environment.
	"logging_collector":       "off",
	"log_destination":         "stderr",
	"log_line_prefix":         "",
	"log_min_messages":        "warning",
	"log_min_error_statement": "panic",
	"log_error_verbosity":     "terse",
	"log_checkpoints":         "off",
	"log_timezone":            "UTC",
	"timezone":                "UTC",
	"cluster_name":            "previewd",
}

func serverArgs(extra map[string]string) []string {
	all := maps.Clone(settings)
	maps.Copy(all, extra)
	args := []string{"-D", inherited + "/data"}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	return args
}
