package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// route is one row of the table of everything that HTTP can do. There is no
// other way to register a handler, so no route exists without a rule.
type route struct {
	method, path string
	who          who
	handle       gin.HandlerFunc
}

var (
	public   = who{public: true}
	owner    = who{owner: true, role: Operator}
	reader   = who{owner: true, role: Viewer}
	viewer   = who{role: Viewer}
	operator = who{role: Operator}
)

func (s *Server) routes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/", public, s.page("index.html")},
		{get, "/console", public, s.page("console.html")},
		{get, "/static/*file", public, s.static},
		{get, "/openapi.yaml", public, s.openAPI},
		{get, "/healthz", public, s.healthz},
		{get, "/readyz", public, s.readyz},
		{post, "/v1/session", public, s.login},
		{http.MethodDelete, "/v1/session", public, s.logout},

		{post, "/v1/conversations", public, s.startConversation}, // visitors are counted
		{get, "/v1/conversations/:id", reader, s.getConversation},
		{get, "/v1/conversations/:id/events", reader, s.streamConversation},
		{post, "/v1/conversations/:id/turns", owner, s.postTurn},
		{post, "/v1/conversations/:id/photos", owner, s.postPhoto},
		{get, "/v1/hand-offs", operator, s.listHandOffs},
		{get, "/v1/hand-offs/events", operator, s.streamHandOffs},
		{get, "/v1/conversations/:id/packet", operator, s.getPacket},
		{post, "/v1/conversations/:id/take", operator, s.take},
		{post, "/v1/conversations/:id/messages", operator, s.say},
		{post, "/v1/conversations/:id/give-back", operator, s.giveBack},
		{post, "/v1/conversations/:id/close", operator, s.close},
		{get, "/v1/conversations/:id/photos/:photo/overlay", owner, s.getEvidence(pictureOverlay)},
		{get, "/v1/conversations/:id/photos/:photo/swatch", owner, s.getEvidence(pictureSwatch)},
		{get, "/v1/photos/:photo", viewer, s.getPhoto},

		{post, "/v1/webrtc", owner, s.offer},
		{http.MethodPatch, "/v1/webrtc/:resource", public, s.trickle}, // the resource name is
		{http.MethodDelete, "/v1/webrtc/:resource", public, s.hangUp}, // the capability (RFC 9725)

		{get, "/p/:token", public, s.photoPage},
		{post, "/p/:token", public, s.photoUpload}, // the token is the capability

		{post, "/v1/audio/transcriptions", operator, s.transcribe},
		{post, "/v1/audio/speech", operator, s.speak},

		{post, "/v1/events", operator, s.shopEvent},
		{get, "/v1/status", viewer, s.getStatus},
		{get, "/v1/calls", viewer, s.listCalls},
		{get, "/v1/products", public, s.searchProducts},
		{post, "/v1/products/photo", operator, s.searchByPhoto},
		{get, "/v1/products/:product", public, s.getProduct},
		{get, "/v1/products/:product/image", public, s.productImage},

		{get, "/v1/knowledge", viewer, s.getKnowledge},
		{get, "/v1/knowledge/questions", viewer, s.listDrafts},
		{post, "/v1/knowledge/documents", operator, s.importDocument},
		{http.MethodDelete, "/v1/knowledge/documents/:document", operator, s.removeDocument},
		{post, "/v1/knowledge/pins", operator, s.putPin},
		{http.MethodDelete, "/v1/knowledge/pins/:pin", operator, s.removePin},

		{get, "/v1/campaigns", viewer, s.listCampaigns},
		{post, "/v1/campaigns", operator, s.createCampaign},
		{get, "/v1/campaigns/:campaign", viewer, s.getCampaign},
		{post, "/v1/campaigns/:campaign/:action", operator, s.moveCampaign},
		{get, "/v1/do-not-call/:number", viewer, s.getDoNotCall},
		{http.MethodPut, "/v1/do-not-call/:number", operator, s.putDoNotCall},
	}
}
