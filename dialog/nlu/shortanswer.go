package nlu

import "sync"

// shortAnswers are the lists of short answers, made once.
var shortAnswers = sync.OnceValue(newAnswers)

// ShortAnswer tells which answer a few words are by list: Yes, No, Faster, or
// None for what is in no list.
func ShortAnswer(text string) Intent { return shortAnswers().decide(Normalise(text)) }
