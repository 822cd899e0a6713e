package org.agentaudit.chart;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.apache.batik.transcoder.SVGAbstractTranscoder;
import org.apache.batik.transcoder.TranscoderException;
import org.apache.batik.transcoder.TranscoderInput;
import org.apache.batik.transcoder.TranscoderOutput;
import org.apache.batik.transcoder.image.ImageTranscoder;
import org.jspecify.annotations.Nullable;

/// A chart as a picture for mails, twice as many pixels as it is shown with.
///
/// @param width  at which it is to be shown, in pixels
/// @param height as `width`
public record ChartPng(byte[] png, int width, int height) {

    private static final int SCALE = 2;

    /// Draws [Theme#MAIL]. Nothing is opened while drawing: neither files nor addresses nor fonts
    /// of the machine.
    public static ChartPng of(Chart chart) {
        Picture picture = new Picture();
        try {
            picture.transcode(
                    new TranscoderInput(new StringReader(ChartSvg.render(chart, Theme.MAIL))),
                    new TranscoderOutput());
        } catch (TranscoderException e) {
            throw new IllegalStateException("a chart could not be drawn", e);
        }
        BufferedImage image = picture.image;
        if (image == null) {
            throw new IllegalStateException("a chart was not drawn");
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ChartPng(png.toByteArray(), image.getWidth() / SCALE, image.getHeight() / SCALE);
    }

    private static final class Picture extends ImageTranscoder {
        private @Nullable BufferedImage image;

        Picture() {
            addTranscodingHint(KEY_PIXEL_UNIT_TO_MILLIMETER, 25.4f / 96);
            addTranscodingHint(KEY_ALLOW_EXTERNAL_RESOURCES, Boolean.FALSE);
            addTranscodingHint(SVGAbstractTranscoder.KEY_EXECUTE_ONLOAD, Boolean.FALSE);
            addTranscodingHint(SVGAbstractTranscoder.KEY_ALLOWED_SCRIPT_TYPES, "");
        }

        @Override
        protected void setImageSize(float docWidth, float docHeight) {
            super.setImageSize(docWidth * SCALE, docHeight * SCALE);
        }

        @Override
        public BufferedImage createImage(int width, int height) {
            return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        }

        @Override
        public void writeImage(BufferedImage drawn, TranscoderOutput output) {
            image = drawn;
        }
    }
}
