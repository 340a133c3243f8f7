package main

import (
	"fmt"

	"waggle/config"
	"waggle/vision/card"
	"waggle/vision/embed"
)

// visionCards are the cards that models.vision names, by kind: builtin names
// none, a path one, a folder one of each kind.
func visionCards(cfg config.Config) (map[card.Kind]string, error) {
	if cfg.Models.Vision == "" || cfg.Models.Vision == config.Builtin {
		return nil, nil
	}
	path, err := modelPath(cfg, "vision", cfg.Models.Vision)
	if err != nil {
		return nil, err
	}
	cards, err := card.Find(path)
	if err != nil {
		return nil, fmt.Errorf("%w: models.vision: %w", config.ErrInvalid, err)
	}
	return cards, nil
}

// openDescriber opens the embedding of a card, or the built-in one when path
// is empty.
func openDescriber(path string, o card.Options) (*embed.Describer, error) {
	if path == "" || path == config.Builtin {
		return embed.OpenBuiltin(o)
	}
	return embed.Open(path, o)
}
