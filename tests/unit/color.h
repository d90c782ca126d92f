/*
 * Colours as numbers for tests of themes: sRGB to linear light, the contrast of WCAG 2.
 */
#ifndef TESTS_COLOR_H
#define TESTS_COLOR_H

#include <stdint.h>

/* Powers of ((c + 0.055) / 1.055), 2.4, without libm: x^2.4 = x^2 * (x^2)^(1/5). */
static double
root_of(double x, int degree)
{
	double root = x > 0 ? 1 : 0;

	for (int i = 0; i < 200 && x > 0; i++) {
		double power = 1;

		for (int n = 1; n < degree; n++)
			power *= root;
		root -= (power * root - x) / (degree * power);
	}
	return root;
}

static double
channel(uint32_t value)
{
	double c = value / 255.0, x = (c + 0.055) / 1.055;

	return c <= 0.04045 ? c / 12.92 : x * x * root_of(x * x, 5);
}

/* Relative luminance of WCAG 2. */
__attribute__((unused)) static double
luminance(uint32_t rgb)
{
	return 0.2126 * channel(rgb >> 16 & 0xFF) + 0.7152 * channel(rgb >> 8 & 0xFF) +
	    0.0722 * channel(rgb & 0xFF);
}

__attribute__((unused)) static double
contrast(uint32_t one, uint32_t other)
{
	double a = luminance(one), b = luminance(other);

	return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}

#endif
