package main

import (
	"net/http"
	"net/http/pprof"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"waggle/voice"
)

// figures are what /metrics shows. Labels hold doors and causes only: nothing
// that a caller chooses.
type figures struct {
	registry *prometheus.Registry
	calls    *prometheus.CounterVec
	latency  *prometheus.HistogramVec
	mos      *prometheus.HistogramVec
	loss     *prometheus.HistogramVec
}

func newFigures(c *voice.Capacity, s *speech) *figures {
	f := &figures{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "waggle_calls_total", Help: "Calls that ended, by door and cause."}, []string{"door", "cause"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "waggle_reply_latency_seconds", Help: "End of the caller's speech to the first packet of the reply.",
			Buckets: []float64{0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.2, 2, 4}}, []string{"door"}),
	}
	f.mos = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "waggle_line_mos", Help: "Quality of each call's line, 1 to 4.5 (short E-model of ITU-T G.107).",
		Buckets: []float64{1.5, 2, 2.6, 3.1, 3.6, 4, 4.3}}, []string{"door"})
	f.loss = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "waggle_line_loss_ratio", Help: "Share of each call's packets that could not be played.",
		Buckets: []float64{0, 0.001, 0.005, 0.01, 0.03, 0.08, 0.2}}, []string{"door"})
	gauge := func(name, help string, read func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read)
	}
	count := func(name, help string, read func() uint64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(read()) })
	}
	f.registry.MustRegister(f.calls, f.latency, f.mos, f.loss,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("waggle_calls", "Calls in progress.", func() float64 { n, _ := c.InUse(); return float64(n) }),
		gauge("waggle_call_seats", "Calls that are admitted at most.", func() float64 { _, n := c.InUse(); return float64(n) }),
		count("waggle_tts_prompt_hits_total", "Texts to speak that were in the cache of prompts.", func() uint64 { return s.mouth.Stats().Hits }),
		count("waggle_tts_prompt_misses_total", "Texts to speak that had to be synthesised.", func() uint64 { return s.mouth.Stats().Misses }),
		gauge("waggle_tts_prompt_bytes", "Sound in the cache of prompts.", func() float64 { return float64(s.mouth.Stats().Cached) }),
		gauge("waggle_asr_streams", "Recognition streams in use.", func() float64 { n, _ := s.ear.Load(); return float64(n) }),
	)
	return f
}

// call counts a call that ended.
func (f *figures) call(door string, out voice.Outcome) {
	f.calls.WithLabelValues(door, string(out.Cause)).Inc()
	for _, l := range out.Latency {
		f.latency.WithLabelValues(door).Observe(l.Seconds())
	}
	if q := out.Line; q != nil && q.Received > 0 {
		f.mos.WithLabelValues(door).Observe(q.MOS)
		f.loss.WithLabelValues(door).Observe(q.Loss)
	}
}

// handler serves metrics and pprof, on the operator's own port.
func (f *figures) handler() http.Handler {
	m := http.NewServeMux()
	m.Handle("GET /metrics", promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{}))
	m.HandleFunc("GET /debug/pprof/", pprof.Index)
	m.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	m.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	m.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	m.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return m
}
