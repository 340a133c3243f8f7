package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"waggle/outbound"
	"waggle/shop"
)

const (
	maxList  = 200 // rows of one answer
	maxCSV   = 32 << 20
	maxWords = 100 // bytes of a product query
)

// listCalls shows the newest conversations, newest last.
func (s *Server) listCalls(c *gin.Context) {
	limit, err := strconv.Atoi(c.DefaultQuery("limit", "50"))
	if err != nil || limit < 1 || limit > maxList {
		problem(c, http.StatusUnprocessableEntity, "No such limit", fmt.Sprintf("limit lies between 1 and %d.", maxList))
		return
	}
	calls, err := s.Records.Calls(c.Request.Context(), limit)
	if err != nil {
		s.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"calls": calls})
}

// shopEvent takes what happens in the shop. A payment cancels the reminders
// that wait for it, in the same request.
func (s *Server) shopEvent(c *gin.Context) {
	var body struct {
		Type  string `json:"type"`
		Order string `json:"order"`
	}
	if !s.decode(c, &body) {
		return
	}
	if body.Order == "" {
		problem(c, http.StatusUnprocessableEntity, "No order", "order must name the order.")
		return
	}
	var cancelled int64
	switch body.Type {
	case "order.paid", "order.cancelled", "refund.requested":
		n, err := s.Campaigns.CancelFact(c.Request.Context(), "order", body.Order, body.Type)
		if err != nil {
			s.fail(c, err)
			return
		}
		cancelled = n
	case "order.created", "parcel.delayed", "parcel.signed":
	default:
		problem(c, http.StatusUnprocessableEntity, "No such event", "type is order.created, order.paid, order.cancelled, parcel.delayed, parcel.signed or refund.requested.")
		return
	}
	c.JSON(http.StatusOK, gin.H{"reminders_cancelled": cancelled})
}

// searchProducts finds products by words.
func (s *Server) searchProducts(c *gin.Context) {
	words := c.Query("q")
	if len(words) > maxWords {
		problem(c, http.StatusUnprocessableEntity, "Too long", fmt.Sprintf("q may have %d bytes.", maxWords))
		return
	}
	list, err := s.Products.Search(c.Request.Context(), words, maxList)
	if err != nil {
		s.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"products": list})
}

func (s *Server) product(c *gin.Context) (shop.Product, bool) {
	p, err := s.Products.Product(c.Request.Context(), c.Param("product"))
	if errors.Is(err, shop.ErrNotFound) {
		problem(c, http.StatusNotFound, "No such product", "")
		return p, false
	}
	if err != nil {
		s.fail(c, err)
		return p, false
	}
	return p, true
}

func (s *Server) getProduct(c *gin.Context) {
	if p, ok := s.product(c); ok {
		c.JSON(http.StatusOK, p)
	}
}

func (s *Server) productImage(c *gin.Context) {
	p, ok := s.product(c)
	if !ok {
		return
	}
	c.Header("Cache-Control", "public, max-age=3600")
	http.ServeFileFS(c.Writer, c.Request, s.Images, p.Image)
}

func (s *Server) listCampaigns(c *gin.Context) {
	list, err := s.Campaigns.Campaigns(c.Request.Context())
	if err != nil {
		s.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"campaigns": list})
}

// createCampaign imports a list: the body is the CSV, name and script are in
// the query.
func (s *Server) createCampaign(c *gin.Context) {
	camp := outbound.Campaign{ID: uuid.NewString(), Name: c.Query("name"), Script: c.DefaultQuery("script", "pay"),
		State: outbound.CampaignDraft, Created: time.Now()}
	contacts, problems, err := outbound.ReadCSV(http.MaxBytesReader(c.Writer, c.Request.Body, maxCSV), camp.ID)
	if err == nil && len(contacts) == 0 {
		err = fmt.Errorf("%w: no row could be imported", outbound.ErrInvalid)
	}
	if err == nil {
		err = s.Campaigns.Create(c.Request.Context(), camp, contacts)
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	c.JSON(http.StatusCreated, gin.H{"campaign": camp, "imported": len(contacts), "problems": problems})
}

func (s *Server) getCampaign(c *gin.Context) {
	r, err := s.Campaigns.Report(c.Request.Context(), c.Param("campaign"))
	if err != nil {
		s.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"campaign": r.Campaign, "states": r.States(), "dispositions": r.Dispositions(),
		"contacts": r.Contacts, "attempts": r.Attempts})
}

func (s *Server) moveCampaign(c *gin.Context) {
	to, ok := map[string]outbound.CampaignState{
		"start": outbound.CampaignRunning, "pause": outbound.CampaignPaused, "cancel": outbound.CampaignCancelled,
	}[c.Param("action")]
	if !ok {
		problem(c, http.StatusNotFound, "No such action", "The action is start, pause or cancel.")
		return
	}
	if err := s.Campaigns.SetState(c.Request.Context(), c.Param("campaign"), to); err != nil {
		s.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"state": to})
}

func (s *Server) number(c *gin.Context) (string, bool) {
	n, err := outbound.Normalize(c.Param("number"))
	if err != nil {
		s.fail(c, err)
		return "", false
	}
	return n, true
}

func (s *Server) getDoNotCall(c *gin.Context) {
	n, ok := s.number(c)
	if !ok {
		return
	}
	listed, err := s.Campaigns.Listed(c.Request.Context(), n)
	if err != nil {
		s.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"number": n, "listed": listed})
}

func (s *Server) putDoNotCall(c *gin.Context) {
	n, ok := s.number(c)
	if !ok {
		return
	}
	if err := s.Campaigns.Add(c.Request.Context(), n, "entered by hand", time.Now()); err != nil {
		s.fail(c, err)
		return
	}
	c.Status(http.StatusNoContent)
}
