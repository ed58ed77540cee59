// Package config reads previewd's settings from the environment and reports everything that is wrong with
// them at once.
package config

import (
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/tracing"
)

// Prefix begins the name of every variable.
const Prefix = "PREVIEW_"

// Config holds every setting. The tags are the only description of a variable: parsing, checks, the error
// texts and the README's table are derived from them.
//
//	env          name without the prefix; "-" is no variable of previewd's own
//	envDefault   value when the variable is unset or empty
//	min, max     bounds of a number
//	oneof        the allowed words, separated by spaces
//	want         what is wanted, where the type and the bounds do not say it
//	shown        default in the table, where it depends on the machine
//	secret       the value is never shown, and NAME_FILE may name a file that holds it
//	description  one sentence for the README
type Config struct {
	ListenAddr  string `env:"LISTEN_ADDR" envDefault:"127.0.0.1:8080" want:"host:port" description:"Address the API listens on."`
	MetricsAddr string `env:"METRICS_ADDR" want:"host:port" description:"Address /metrics is served on, to whoever can reach it. Unset, the API serves it to admins."`
	DebugAddr   string `env:"DEBUG_ADDR" want:"host:port of this machine's loopback" description:"Loopback address profiles (/debug/pprof) are served on. Unset, nowhere."`
	DatabaseURL Secret `env:"DATABASE_URL" secret:"true" shown:"a private PostgreSQL" want:"a postgres:// URL or a key=value connection string" description:"PostgreSQL to use. Unset, previewd runs one of its own in the data folder."`
	DataDir     string `env:"DATA_DIR" shown:"/var/lib/previewd as root, else ~/.local/share/previewd" want:"an absolute path or one relative to the working folder" description:"Folder for the private database and other state."`

	JWTSecret   Secret `env:"JWT_SECRET" secret:"true" want:"secrets of at least 32 bytes, separated by commas or newlines" description:"Secrets that sign HS256 tokens, separated by commas or newlines. The first one signs, all verify: rotate by putting the new one first."`
	JWKSURL     string `env:"JWKS_URL" want:"an https:// URL, or an http:// one of this machine" description:"Key set of an identity provider, whose RS256, ES256 and EdDSA tokens are accepted; beside secrets or instead of them."`
	JWTIssuer   string `env:"JWT_ISSUER" want:"the issuer of your tokens" description:"What every token has to name as its issuer (iss). Unset, nobody looks."`
	JWTAudience string `env:"JWT_AUDIENCE" want:"the audience of your tokens" description:"What every token has to name in its audience (aud). Unset, nobody looks."`
	Insecure    bool   `env:"INSECURE" envDefault:"false" want:"1 or 0" description:"Ask for no token: everybody is the user dev. For one person on one machine."`
	CORSOrigins string `env:"CORS_ORIGINS" want:"origins such as https://app.example.com, as a browser sends them, separated by commas, or *" description:"Origins whose pages may use the API from a browser, separated by commas; * is all of them. Unset, none may."`

	PortMin  int    `env:"PORT_MIN" envDefault:"3001" min:"1" max:"65535" description:"First host port given to previews."`
	PortMax  int    `env:"PORT_MAX" envDefault:"3100" min:"1" max:"65535" description:"Last host port given to previews; the range bounds how many run at once."`
	BindAddr string `env:"BIND_ADDR" envDefault:"127.0.0.1" want:"an IP address" description:"Host address the previews' ports are published on."`
	DialHost string `env:"DIAL_HOST" shown:"the bind address" want:"a host name or IP address" description:"Host under which previewd itself reaches published ports, where it is not the bind address. The gateway needs none to reach containers of its own machine."`

	SessionTimeout Seconds `env:"SESSION_TIMEOUT" envDefault:"1800" min:"1" max:"2592000" description:"Seconds a preview's session token is valid, and for which a preview is extended unless more is asked."`
	MaxUptime      Seconds `env:"MAX_UPTIME" envDefault:"3600" min:"1" max:"2592000" description:"Seconds after which a preview is ended, counted anew when it is extended."`
	IdleTimeout    Seconds `env:"IDLE_TIMEOUT" envDefault:"1800" min:"0" max:"2592000" description:"Seconds without use after which a preview is ended; 0 is never."`
	StartupTimeout Seconds `env:"STARTUP_TIMEOUT" envDefault:"30" min:"1" max:"600" description:"Seconds from the app's start to its first answer, unless the launch says otherwise."`
	InstallTimeout Seconds `env:"INSTALL_TIMEOUT" envDefault:"300" min:"1" max:"3600" description:"Seconds the dependency install may take."`
	RequestTimeout Seconds `env:"REQUEST_TIMEOUT" envDefault:"10" min:"1" max:"60" description:"Seconds an app may take to answer a request that is sent to it through the API."`
	HealthInterval Seconds `env:"HEALTH_INTERVAL" envDefault:"10" min:"1" max:"3600" description:"Seconds between health checks of a running preview."`
	HealthRetries  int     `env:"HEALTH_RETRIES" envDefault:"3" min:"1" max:"100" description:"Failed checks in a row after which a preview counts as unhealthy."`

	MemoryLimitMB      int     `env:"MEMORY_LIMIT_MB" envDefault:"512" min:"16" max:"1048576" description:"Memory of a preview in MB, swap included; a launch may ask for less."`
	CPULimit           float64 `env:"CPU_LIMIT" envDefault:"1" min:"0.05" max:"1024" description:"CPU cores a preview may use."`
	PIDsLimit          int     `env:"PIDS_LIMIT" envDefault:"256" min:"16" max:"1048576" description:"Processes and threads of a preview."`
	DiskLimitMB        int     `env:"DISK_LIMIT_MB" envDefault:"1024" min:"16" max:"1048576" description:"MB a preview may write."`
	MaxPerUser         int     `env:"MAX_PER_USER" envDefault:"10" min:"1" max:"65535" description:"Active previews of one user."`
	MaxMemoryPerUserMB int     `env:"MAX_MEMORY_PER_USER_MB" envDefault:"0" min:"0" max:"1073741824" description:"MB of memory that one user's active previews may use, added up from their limits; 0 is no limit."`
	MaxMemoryTotalMB   int     `env:"MAX_MEMORY_TOTAL_MB" envDefault:"0" min:"0" max:"1073741824" description:"MB of memory that everybody's active previews may use, added up from their limits; 0 is no limit."`

	RateLaunch    preview.Rate `env:"RATE_LAUNCH" envDefault:"10/h" want:"N/s, N/m or N/h, or 0 for no limit" description:"Launches of one user: N/s, N/m or N/h, or 0 for no limit, as for all rates. Only accepted launches count, on all replicas together."`
	RateStatus    preview.Rate `env:"RATE_STATUS" envDefault:"100/m" want:"N/s, N/m or N/h, or 0 for no limit" description:"Status requests of one user."`
	RateRequest   preview.Rate `env:"RATE_REQUEST" envDefault:"1000/h" want:"N/s, N/m or N/h, or 0 for no limit" description:"Requests sent through the API to one preview."`
	RateEndpoints preview.Rate `env:"RATE_ENDPOINTS" envDefault:"100/m" want:"N/s, N/m or N/h, or 0 for no limit" description:"Requests for endpoint lists of one user."`
	RateUpload    preview.Rate `env:"RATE_UPLOAD" envDefault:"60/m" want:"N/s, N/m or N/h, or 0 for no limit" description:"Uploads of one user."`

	Backend          string `env:"BACKEND" envDefault:"docker" oneof:"docker swarm" description:"What runs previews: docker, the engine of one machine, or swarm, the nodes of the Docker Swarm that it manages (docs/scaling.md)."`
	SwarmConstraints string `env:"SWARM_CONSTRAINTS" want:"constraints such as node.labels.zone==eu, separated by commas" description:"Nodes that previews may be placed on, as Swarm's placement constraints, separated by commas. Unset, all."`
	SwarmSpread      string `env:"SWARM_SPREAD" want:"node or engine labels such as node.labels.rack, separated by commas" description:"Labels over whose values Swarm spreads previews evenly. Unset, over the nodes."`
	SwarmReserve     int    `env:"SWARM_RESERVE" envDefault:"50" min:"0" max:"100" description:"Percent of a preview's memory limit that Swarm sets aside for it: at 100 a node never has more limits than memory."`
	SwarmTLSDir      string `env:"SWARM_TLS_DIR" want:"a folder with ca.pem, cert.pem and key.pem" description:"Folder with the key by which previewd proves itself to the nodes' engines, and the authority of theirs: ca.pem, cert.pem, key.pem."`
	SwarmUnprepared  bool   `env:"SWARM_UNPREPARED" envDefault:"false" want:"1 or 0" description:"Start although nodes were not prepared by scripts/swarm-node, and reach engines without TLS. For tests and closed networks."`
	ImageRegistry    string `env:"IMAGE_REGISTRY" want:"a registry such as registry:5000" description:"Registry by which nodes of a swarm get images. Unset, previewd sends each node what it needs."`

	ImageRegistryLogin Secret `env:"IMAGE_REGISTRY_LOGIN" secret:"true" want:"user:password, or a Docker config.json that holds the login at PREVIEW_IMAGE_REGISTRY itself, not in a helper" description:"Login at that registry: user:password, or a Docker config.json in which docker login wrote it."`

	Egress        string `env:"EGRESS" envDefault:"internet" oneof:"internet none" description:"What previews may connect to: internet (never private, link-local or host addresses) or none."`
	DockerRuntime string `env:"DOCKER_RUNTIME" shown:"the engine's default" want:"a runtime's name, such as runsc" description:"OCI runtime of the previews, such as runsc (gVisor)."`
	CABundle      string `env:"CA_BUNDLE" shown:"the system's bundle" want:"a readable PEM file" description:"Certificates that image builds, installs and webhooks trust."`

	LaunchConcurrency int     `env:"LAUNCH_CONCURRENCY" envDefault:"0" shown:"2 per CPU" min:"0" max:"1024" description:"Launches worked on at once; the others wait in the phase queued."`
	DepsCacheGB       float64 `env:"DEPS_CACHE_GB" envDefault:"10" min:"0" max:"1048576" description:"GB of installed dependencies kept as images; the least recently used go first."`
	OnShutdown        string  `env:"ON_SHUTDOWN" envDefault:"stop" oneof:"stop keep" description:"What a stop of previewd does to running previews; kept ones are adopted at the next start."`

	MaxUploadMB      int `env:"MAX_UPLOAD_MB" envDefault:"32" min:"1" max:"1024" description:"MB of a generation's files, unpacked."`
	MaxFiles         int `env:"MAX_FILES" envDefault:"5000" min:"1" max:"1000000" description:"Files of a generation."`
	MaxResponseKB    int `env:"REQUEST_MAX_RESPONSE_KB" envDefault:"1024" min:"1" max:"65536" description:"KB of an app's answer that are passed on by the API; longer ones are truncated."`
	LogLineRate      int `env:"LOG_LINE_RATE" envDefault:"5000" min:"0" max:"1000000" description:"Lines a second a preview may write, and four seconds' worth at once; of more it drops lines and says how many. 0 is no limit."`
	LogByteRate      int `env:"LOG_BYTE_RATE" envDefault:"4194304" min:"0" max:"1073741824" description:"The same in bytes a second."`
	LogMaxLines      int `env:"LOG_MAX_LINES" envDefault:"1000000" min:"0" max:"1000000000" description:"Lines of a preview's log that are kept; of a longer log the oldest go. 0 is no limit."`
	LogRetentionDays int `env:"LOG_RETENTION_DAYS" envDefault:"7" min:"1" max:"3650" description:"Days a preview's log is kept after its end, and a webhook's event after its delivery."`

	BaseDomain     string `env:"BASE_DOMAIN" envDefault:"preview.localhost" want:"a domain name" description:"Domain under which each preview has a host name, and where the API answers, too."`
	BaseScheme     string `env:"BASE_SCHEME" envDefault:"http" oneof:"http https" description:"Scheme by which browsers reach these hosts: https where a proxy in front of previewd speaks TLS."`
	BasePort       int    `env:"BASE_PORT" envDefault:"0" shown:"443 with https, else that of the listen address" min:"0" max:"65535" description:"Port at which browsers reach them."`
	TrustedProxies string `env:"TRUSTED_PROXIES" want:"addresses and networks such as 10.0.0.0/8, separated by commas" description:"Proxies in front of previewd whose X-Forwarded-For and X-Forwarded-Proto previews are told of. Unset, nobody's are."`

	WebhookURL          Secret `env:"WEBHOOK_URL" secret:"true" want:"an https:// URL of a public host; PREVIEW_WEBHOOK_ALLOW_PRIVATE=1 allows http:// and private hosts" description:"Receiver of an event for every launch, start and end of a preview (docs/webhooks.md). Unset, there are none."`
	WebhookSecret       Secret `env:"WEBHOOK_SECRET" secret:"true" want:"whsec_ and 24 to 64 bytes in base64; several separated by commas or newlines" description:"Secrets that sign webhooks, whsec_<base64>, separated by commas or newlines. All of them sign, so that a receiver can change from one to the next."`
	WebhookAllowPrivate bool   `env:"WEBHOOK_ALLOW_PRIVATE" envDefault:"false" want:"1 or 0" description:"Let the receiver be on a private network or this machine, and without TLS."`

	LogLevel  string `env:"LOG_LEVEL" envDefault:"info" oneof:"debug info warn error" description:"Least severe level previewd itself logs."`
	LogFormat string `env:"LOG_FORMAT" envDefault:"text" oneof:"text json" description:"Format of previewd's own log."`

	Traces tracing.Settings `env:"-"` // from the OTEL_ variables, see traces.go
}

// Seconds is a whole number of seconds.
type Seconds int

// Duration converts to the standard type.
func (s Seconds) Duration() time.Duration { return time.Duration(s) * time.Second }

// Secret is a value that does not print itself; convert it to string where it is used.
type Secret string

const hidden = "[hidden]"

// String hides the value, and says nothing when there is none.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the value from JSON and structured logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
