// Package swarm is the backend that runs previews as services of a Docker Swarm: one replica each, placed by Swarm, never
// restarted by it, their port published by the node that they are on. It has the verbs and files of runtime/docker.
//
// Swarm decides where a preview runs. All that its API has no word for (output with its order, figures, the OOM flag, files,
// images) is asked of the node's own engine, through a runtime/docker backend of its own: the manager's is reached as the
// Docker client is configured, another node's at the address in its label previewd.engine.
//
// Installs and builds run on the manager's engine, which is where the images are made and kept; a node is given an image
// when Swarm has placed something on it that needs it. Services name images by their id, which engines never pull.
package swarm
