package rehearse

import (
	"context"
	"fmt"
	"time"

	"waggle/dialog"
	"waggle/dialog/flow"
	"waggle/dialog/knowledge"
	"waggle/dialog/nlu"
	"waggle/shop"
	"waggle/shop/demo"
)

// house is an engine over a shop that is fresh for every script; shelves and
// question base, which no script changes, stay.
type house struct {
	site   *site
	shelf  shop.Products // nil: those of the fresh shop
	engine *dialog.Engine
	now    func() time.Time
}

func (s Setting) open(ctx context.Context) (*house, error) {
	h := &house{site: &site{}, now: s.Now}
	fresh, err := demo.Open(demo.Options{Now: s.Now, More: demo.Many(s.Products)})
	if err != nil {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	h.site.Shop = fresh
	if s.Products > 0 {
		h.shelf = fresh
	}
	if s.Understander == nil {
		if s.Understander, err = nlu.Open(); err != nil {
			return nil, err
		}
	}
	library, err := openLibrary(ctx, handbook{fresh, madeUp(s.Articles)}, s.Understander)
	if err != nil {
		return nil, err
	}
	h.engine, err = flow.OpenWith(ctx, dialog.Options{Shop: h.site, Understander: s.Understander, Now: s.Now, Recording: true}, library)
	return h, err
}

// openLibrary reads a question base, by meaning too where texts are embedded.
func openLibrary(ctx context.Context, h shop.Handbook, u dialog.Understander) (*knowledge.Library, error) {
	library, err := flow.OpenLibrary(ctx, h, nil)
	if err != nil {
		return nil, err
	}
	return library, flow.ByMeaning(ctx, library, u)
}

// stage puts a fresh shop under the engine.
func (h *house) stage() (Stage, error) {
	fresh, err := demo.Open(demo.Options{Now: h.now})
	if err != nil {
		return Stage{}, fmt.Errorf("rehearse: %w", err)
	}
	h.site.Shop = fresh
	if h.shelf != nil {
		h.site.Shop = shelved{fresh, h.shelf}
	}
	return Stage{Shop: fresh, Engine: h.engine}, nil
}

// shelved is a shop whose products stand on a larger shelf.
type shelved struct {
	shop.Shop
	shelf shop.Products
}

func (s shelved) Product(ctx context.Context, id string) (shop.Product, error) {
	return s.shelf.Product(ctx, id)
}

func (s shelved) Search(ctx context.Context, words string, limit int) ([]shop.Product, error) {
	return s.shelf.Search(ctx, words, limit)
}

// handbook is a question base with more in it.
type handbook struct {
	shop.Handbook
	more []shop.Article
}

func (h handbook) Articles(ctx context.Context) ([]shop.Article, error) {
	articles, err := h.Handbook.Articles(ctx)
	return append(articles, h.more...), err
}

// madeUp writes n entries of a question base about instruments, which the
// scripts do not ask for: they are there to be searched through.
func madeUp(n int) []shop.Article {
	var (
		things = []string{"钢琴", "二胡", "古筝", "吉他", "小提琴", "萨克斯", "架子鼓", "口琴", "竹笛", "琵琶", "手风琴", "大提琴", "葫芦丝", "电子琴", "扬琴", "唢呐"}
		parts  = []string{"琴弦", "琴盒", "调音器", "支架", "背带", "脚踏板", "哨片", "拨片", "松香", "谱架", "琴凳", "键盘盖"}
		asked  = []string{"怎么更换", "多久保养一次", "受潮了怎么办", "适合初学者吗", "用什么材料", "能单独配吗", "怎么调节", "坏了找谁", "怎么清洁", "放哪里好"}
	)
	out := make([]shop.Article, n)
	for i := range out {
		thing, part, ask := things[i%len(things)], parts[i/len(things)%len(parts)], asked[i/len(things)/len(parts)%len(asked)]
		edition := i / len(things) / len(parts) / len(asked)
		name := thing + "的" + part
		if edition > 0 {
			name += fmt.Sprintf("第%d代", edition+1)
		}
		out[i] = shop.Article{ID: fmt.Sprintf("made%05d", i), Topic: thing, Questions: []string{name + ask, part + ask + thing},
			Answer: name + "请联系琴行的师傅。"}
	}
	return out
}
