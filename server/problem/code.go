package problem

import "net/http"

// Code is a stable name of an error. Clients may switch on it.
type Code string

// Codes of the contract.
const (
	PreviewNotFound     Code = "PREVIEW_NOT_FOUND"
	GenerationNotFound  Code = "GENERATION_NOT_FOUND"
	InvalidToken        Code = "INVALID_TOKEN"
	InvalidSessionToken Code = "INVALID_SESSION_TOKEN"
	PermissionDenied    Code = "PERMISSION_DENIED"
	NoPortsAvailable    Code = "NO_PORTS_AVAILABLE"
	StartupTimeout      Code = "STARTUP_TIMEOUT"
	HealthCheckFailed   Code = "HEALTH_CHECK_FAILED"
	RequestTimeout      Code = "REQUEST_TIMEOUT"
	InvalidRequest      Code = "INVALID_REQUEST"
	RateLimitExceeded   Code = "RATE_LIMIT_EXCEEDED"
)

// Codes beside the contract's.
const (
	NotFound             Code = "NOT_FOUND"
	MethodNotAllowed     Code = "METHOD_NOT_ALLOWED"
	QuotaExceeded        Code = "QUOTA_EXCEEDED"
	PayloadTooLarge      Code = "PAYLOAD_TOO_LARGE"
	UnsupportedMediaType Code = "UNSUPPORTED_MEDIA_TYPE"
	Conflict             Code = "CONFLICT"
	PreviewNotRunning    Code = "PREVIEW_NOT_RUNNING"
	PreviewUnreachable   Code = "PREVIEW_UNREACHABLE"
	GenerationActive     Code = "GENERATION_ACTIVE"
	WebhookEventNotFound Code = "WEBHOOK_EVENT_NOT_FOUND"
	InvalidCursor        Code = "INVALID_CURSOR"
	LoopDetected         Code = "LOOP_DETECTED"
	EngineUnavailable    Code = "ENGINE_UNAVAILABLE"
	IdentityUnavailable  Code = "IDENTITY_UNAVAILABLE"
	ShuttingDown         Code = "SHUTTING_DOWN"
	Internal             Code = "INTERNAL_ERROR"
)

// kind is what all errors of a code have in common.
type kind struct {
	status int
	title  string
	detail string // where nothing more exact is known
}

var kinds = map[Code]kind{
	PreviewNotFound:     {http.StatusNotFound, "Preview not found", "There is no preview of this generation."},
	GenerationNotFound:  {http.StatusNotFound, "Generation not found", "There is no generation with this id."},
	InvalidToken:        {http.StatusUnauthorized, "Invalid token", "A valid bearer token is required."},
	InvalidSessionToken: {http.StatusUnauthorized, "Invalid session token", "The session token is not valid for this preview, or it has expired."},
	PermissionDenied:    {http.StatusForbidden, "Permission denied", "The generation belongs to another user."},
	NoPortsAvailable:    {http.StatusServiceUnavailable, "No ports available", "No ports available."},
	StartupTimeout:      {http.StatusGatewayTimeout, "Startup timeout", "The app did not answer in time."},
	HealthCheckFailed:   {http.StatusInternalServerError, "Health check failed", "The app did not become healthy."},
	RequestTimeout:      {http.StatusGatewayTimeout, "Request timeout", "The request took too long."},
	InvalidRequest:      {http.StatusBadRequest, "Invalid request", "The request is not valid."},
	RateLimitExceeded:   {http.StatusTooManyRequests, "Rate limit exceeded", "Too many requests."},

	NotFound:             {http.StatusNotFound, "Not found", "There is nothing at this path."},
	MethodNotAllowed:     {http.StatusMethodNotAllowed, "Method not allowed", "The path does not support this method."},
	QuotaExceeded:        {http.StatusTooManyRequests, "Quota exceeded", "The active previews leave no room for another one."},
	PayloadTooLarge:      {http.StatusRequestEntityTooLarge, "Payload too large", "The body is larger than allowed."},
	UnsupportedMediaType: {http.StatusUnsupportedMediaType, "Unsupported media type", "The content type is not supported."},
	Conflict:             {http.StatusConflict, "Conflict", "The preview changed meanwhile."},
	PreviewNotRunning:    {http.StatusConflict, "Preview not running", "The preview does not run."},
	PreviewUnreachable:   {http.StatusBadGateway, "Preview unreachable", "The app gives no valid answer."},
	GenerationActive:     {http.StatusConflict, "Generation active", "A preview of the generation is still active."},
	WebhookEventNotFound: {http.StatusNotFound, "Webhook event not found", "There is no webhook event with this id."},
	LoopDetected:         {http.StatusLoopDetected, "Loop detected", "The request came through the gateway too often: an app sends it to itself."},
	InvalidCursor:        {http.StatusBadRequest, "Invalid cursor", "The cursor is not one that a list gave out."},
	EngineUnavailable:    {http.StatusServiceUnavailable, "Container engine unavailable", "The container engine cannot be reached."},
	IdentityUnavailable:  {http.StatusServiceUnavailable, "Identity unavailable", "The keys that verify tokens could not be fetched yet."},
	ShuttingDown:         {http.StatusServiceUnavailable, "Shutting down", "The service is shutting down."},
	Internal:             {http.StatusInternalServerError, "Internal error", "Something went wrong. The request id leads to the log entry."},
}
