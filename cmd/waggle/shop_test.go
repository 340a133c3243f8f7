package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"waggle/shop/demo"
	shophttp "waggle/shop/http"
)

// shopRun runs one command line against a demo shop behind HTTP.
func shopRun(t *testing.T, key, in string, args ...string) (string, error) {
	t.Helper()
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(shophttp.Handler(s, demo.Images(), "secret"))
	t.Cleanup(server.Close)
	return runCommand(t, map[string]string{"WAGGLE_SHOP_URL": server.URL, "WAGGLE_SHOP_KEY": key}, in, args...)
}

func TestShopCheckReadsWhatAConversationReads(t *testing.T) {
	out, err := shopRun(t, "secret", "", "shop", "check", "--phone", "13800000001")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, what := range []string{"policy", "articles", "products", "picture", "promotions", "coupons", "subsidies", "customer", "orders", "parcel"} {
		if !strings.Contains(out, what) || strings.Contains(out, "failed") {
			t.Errorf("%s is missing in\n%s", what, out)
		}
	}
	if out, err := shopRun(t, "wrong", "", "shop", "check"); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := shopRun(t, "secret", "", "shop", "contract"); err != nil || !strings.HasPrefix(out, "openapi: 3.1") {
		t.Errorf("%v, %.40s", err, out)
	}
}

func TestChatAsksTheMerchantsSystem(t *testing.T) {
	out, err := shopRun(t, "secret", "我的快递到哪了\n", "chat", "--user", "13800000001")
	if err != nil || !strings.Contains(out, "花瓶") {
		t.Errorf("%v\n%s", err, out)
	}
}
