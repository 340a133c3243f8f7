package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"waggle/config"
	"waggle/shop"
	"waggle/shop/demo"
	shophttp "waggle/shop/http"
)

// openedShop is a shop, the pictures of its products and how it is let go.
type openedShop struct {
	shop.Shop
	pictures fs.FS
	close    func() error
}

// openShop connects to the merchant's system, or opens the demo shop when none
// is configured; its writes are kept in the file journal, or nowhere if that is
// empty.
func openShop(c config.Shop, journal string) (openedShop, error) {
	none := func() error { return nil }
	if c.URL != "" {
		client, err := connectShop(c)
		if err != nil {
			return openedShop{}, err
		}
		return openedShop{client, client.Images(), none}, nil
	}
	o, done := demo.Options{}, none
	if journal != "" {
		j, err := demo.OpenFileJournal(journal)
		if err != nil {
			return openedShop{}, err
		}
		o.Journal, done = j, j.Close
	}
	s, err := demo.Open(o)
	if err != nil {
		return openedShop{}, errors.Join(err, done())
	}
	return openedShop{s, demo.Images(), done}, nil
}

func connectShop(c config.Shop) (*shophttp.Client, error) {
	client, err := shophttp.New(shophttp.Config{URL: c.URL, Key: string(c.Key), Timeout: time.Duration(c.TimeoutMS) * time.Millisecond})
	if err != nil {
		return nil, fmt.Errorf("%w: shop.url: %w", config.ErrInvalid, err)
	}
	return client, nil
}

// shopCommand helps to connect a merchant's own system.
func shopCommand() *cobra.Command {
	c := &cobra.Command{Use: "shop", Short: "Connect a merchant's own system"}
	c.AddCommand(shopContract(), shopCheck())
	return c
}

func shopContract() *cobra.Command {
	return &cobra.Command{
		Use: "contract", Short: "Print the OpenAPI contract that the system must serve", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := c.OutOrStdout().Write(shophttp.Contract())
			return err
		},
	}
}

// shopCheck reads what every conversation needs, so that a merchant sees what
// is missing before the first caller does.
func shopCheck() *cobra.Command {
	var path, phone string
	c := &cobra.Command{
		Use: "check", Short: "Ask the configured system what a conversation will ask, without writing anything", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := config.Load(path, os.LookupEnv)
			if err != nil {
				return usageError{err}
			}
			if cfg.Shop.URL == "" {
				return usagef("shop.url is empty: the demo shop is served")
			}
			client, err := connectShop(cfg.Shop)
			if err != nil {
				return usageError{err}
			}
			return checkShop(c, client, client.Images(), phone)
		},
	}
	c.Flags().StringVar(&path, "config", "", "configuration file (default waggle.yaml, if there is one)")
	c.Flags().StringVar(&phone, "phone", "", "also read the orders and parcels of the customer with this number")
	return c
}

// shopReader checks one thing after the other and remembers the first failure.
type shopReader struct {
	c      *cobra.Command
	failed error
}

func (r *shopReader) step(what string, err error) bool {
	if err != nil {
		fmt.Fprintf(r.c.OutOrStdout(), "%-10s failed: %v\n", what, err)
		if r.failed == nil {
			r.failed = fmt.Errorf("shop: %s: %w", what, err)
		}
		return false
	}
	fmt.Fprintf(r.c.OutOrStdout(), "%-10s good\n", what)
	return true
}

func checkShop(c *cobra.Command, s shop.Shop, pictures fs.FS, phone string) error {
	ctx, r := c.Context(), &shopReader{c: c}
	_, err := s.Policy(ctx)
	r.step("policy", err)
	_, err = s.Articles(ctx)
	r.step("articles", err)
	products, err := s.Search(ctx, "", 3)
	if r.step("products", err) && len(products) > 0 {
		_, err = fs.ReadFile(pictures, products[0].Image)
		r.step("picture", err)
	}
	_, err = s.Promotions(ctx)
	r.step("promotions", err)
	_, err = s.Coupons(ctx, "")
	r.step("coupons", err)
	_, err = s.Subsidies(ctx)
	r.step("subsidies", err)
	if phone == "" {
		return r.failed
	}
	who, err := s.CustomerByPhone(ctx, phone)
	if !r.step("customer", err) {
		return r.failed
	}
	orders, err := s.OrdersOf(ctx, who.ID)
	r.step("orders", err)
	for _, o := range orders {
		if o.Tracking != "" {
			_, err = s.Parcel(ctx, o.Tracking)
			r.step("parcel", err)
			break
		}
	}
	return r.failed
}
