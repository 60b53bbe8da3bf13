#include "carve/grammar.h"

enum place {
	AT_VALUE,
	AT_VALUE_OR_END, /* behind [ */
	AT_NAME,
	AT_NAME_OR_END,  /* behind { */
	AT_COLON,
	AT_COMMA,        /* behind a value */
	IN_WORD,
	IN_STRING,
	IN_ESCAPE
};

static bool
is_space(unsigned char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool
is_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'E';
}

static bool
open(struct lf_grammar *g, bool object)
{
	if (g->depth == LF_GRAMMAR_DEPTH)
		return false;
	g->objects &= ~(UINT64_C(1) << g->depth);
	g->objects |= (uint64_t)object << g->depth;
	g->depth++;
	g->place = object ? AT_NAME_OR_END : AT_VALUE_OR_END;
	return true;
}

static bool
in_object(const struct lf_grammar *g)
{
	return g->depth > 0 && (g->objects >> (g->depth - 1) & 1) != 0;
}

static bool
close(struct lf_grammar *g, bool object)
{
	if (g->depth == 0 || in_object(g) != object)
		return false;
	g->depth--;
	g->place = AT_COMMA;
	return true;
}

static bool
value(struct lf_grammar *g, unsigned char c)
{
	if (c == '{' || c == '[')
		return open(g, c == '{');
	if (c == ']' && g->place == AT_VALUE_OR_END)
		return close(g, false);
	g->place = c == '"' ? IN_STRING : IN_WORD;
	g->name = false;
	return c == '"' || is_word(c);
}

static bool
name(struct lf_grammar *g, unsigned char c)
{
	if (c == '}' && g->place == AT_NAME_OR_END)
		return close(g, true);
	g->place = IN_STRING;
	g->name = true;
	return c == '"';
}

static bool
behind_value(struct lf_grammar *g, unsigned char c)
{
	if (c == '}' || c == ']')
		return close(g, c == '}');
	g->place = in_object(g) ? AT_NAME : AT_VALUE;
	return c == ',' && g->depth > 0;
}

static bool
in_string(struct lf_grammar *g, unsigned char c)
{
	if (g->hex > 0) {
		g->hex--;
		return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
	}
	if (c == '"')
		g->place = g->name ? AT_COLON : AT_COMMA;
	else if (c == '\\')
		g->place = IN_ESCAPE;
	return c >= ' ';
}

static bool
in_escape(struct lf_grammar *g, unsigned char c)
{
	g->place = IN_STRING;
	g->hex = c == 'u' ? 4 : 0;
	switch (c) {
	case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't': case 'u': return true;
	default: return false;
	}
}

static bool
step(struct lf_grammar *g, unsigned char c)
{
	if (g->place == IN_STRING)
		return in_string(g, c);
	if (g->place == IN_ESCAPE)
		return in_escape(g, c);
	if (g->place == IN_WORD) {
		if (is_word(c))
			return true;
		g->place = AT_COMMA;
	}
	if (is_space(c))
		return true;
	switch (g->place) {
	case AT_VALUE: case AT_VALUE_OR_END: return value(g, c);
	case AT_NAME: case AT_NAME_OR_END: return name(g, c);
	case AT_COLON: g->place = AT_VALUE; return c == ':';
	default: return behind_value(g, c);
	}
}

bool
lf_grammar_feed(struct lf_grammar *g, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!step(g, bytes[i]))
			return false;
	return true;
}
