/// Charts from one definition: a [Chart] says what is shown, [ChartSvg] draws it for pages, PDFs
/// and mails, [ChartPng] for mails. Colours and textures are [Hue]'s. Nothing of the portal is used
/// here; labels come formatted from the caller and may hold anything.
@NullMarked
package org.agentaudit.chart;

import org.jspecify.annotations.NullMarked;
