// Package firewall keeps instances away from the host, from one another and from private networks. It works on the
// bridges that a backend made: a backend's own switches (no inter-container traffic) leave the host's services and
// the cloud's metadata address open.
//
// For each bridge it keeps two chains of its own in the filter table: one entered from DOCKER-USER for what is
// forwarded, one entered from INPUT for what is meant for the host. Where it may not touch the tables it says so.
package firewall
