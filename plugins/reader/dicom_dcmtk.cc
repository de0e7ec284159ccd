/* SPDX-License-Identifier: MIT
 *
 * A data set of one frame is made for each call, of what has been checked before: DCMTK never
 * parses a file. Its codecs and its log are the process's; they are set up once.
 */
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <string>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dccodec.h>
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcswap.h>
#include <dcmtk/dcmdata/dcvrcs.h>
#include <dcmtk/dcmdata/dcvris.h>
#include <dcmtk/dcmdata/dcvrus.h>
#include <dcmtk/dcmdata/dcxfer.h>
#include <dcmtk/dcmimage/diregist.h>
#include <dcmtk/dcmimgle/dcmimage.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>
#include <dcmtk/oflog/spi/logevent.h>

#include "dicom_dcmtk.h"

namespace
{

/* What DCMTK logs while a thread is in it: where a codec goes on with pixels that it makes up, it
 * says so there and nowhere else. */
std::string &warning()
{
    static thread_local std::string text;
    return text;
}

class Catcher : public dcmtk::log4cplus::Appender
{
  public:
    ~Catcher() override
    {
        destructorImpl();
    }
    void close() override
    {
    }

  protected:
    void append(const dcmtk::log4cplus::spi::InternalLoggingEvent &event) override
    {
        const std::string text = event.getMessage().c_str();
        bool is_harmless = false;
        for (const char *those : {"extraneous bytes", "Invalid SOS parameters",
                                  "Adobe color transform", "JFIF revision"})
            is_harmless = is_harmless || text.find(those) != std::string::npos;
        if (event.getLogLevel() >= dcmtk::log4cplus::WARN_LOG_LEVEL && !is_harmless &&
            warning().empty())
            warning() = text;
    }
};

/* What DCMTK was given goes before its own lists do. */
struct Registered {
    bool is = false;
    ~Registered()
    {
        if (!is)
            return;
        DJDecoderRegistration::cleanup();
        DJLSDecoderRegistration::cleanup();
    }
} registered;

void set_up()
{
    static std::once_flag once;
    std::call_once(once, [] {
        OFLog::configure(OFLogger::WARN_LOG_LEVEL);
        dcmtk::log4cplus::Logger root = dcmtk::log4cplus::Logger::getRoot();
        root.removeAllAppenders();
        root.addAppender(dcmtk::log4cplus::SharedAppenderPtr(new Catcher));
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
        registered.is = true;
    });
}

/* For what has no better words. */
int fail(char said[DICOM_SAID], const char *text)
{
    std::snprintf(said, DICOM_SAID, "%s", text);
    return 0;
}

/* Runs `part`, out of which nothing is thrown. */
template <typename Part> int guarded(char said[DICOM_SAID], Part part)
{
    try {
        set_up();
        warning().clear();
        const int done = part();
        return warning().empty() ? done : fail(said, warning().c_str());
    } catch (const std::bad_alloc &) {
        return fail(said, "out of memory");
    } catch (const std::exception &e) {
        return fail(said, e.what());
    } catch (...) {
        return fail(said, "unknown exception");
    }
}

void put(DcmDataset &to, const DcmTagKey &key, Uint16 value)
{
    /* with its kind, as the dictionary is not asked */
    std::unique_ptr<DcmUnsignedShort> e(new DcmUnsignedShort(DcmTag(key, EVR_US)));
    e->putUint16(value, 0);
    if (to.insert(e.get()).good())
        e.release();
}

void put_text(DcmDataset &to, DcmElement *element, const char *value)
{
    std::unique_ptr<DcmElement> e(element);
    e->putString(value);
    if (to.insert(e.get()).good())
        e.release();
}

void describe(DcmDataset &to, const dicom_frame &f)
{
    put(to, DCM_SamplesPerPixel, f.samples);
    put_text(to, new DcmCodeString(DcmTag(DCM_PhotometricInterpretation, EVR_CS)), f.photometric);
    if (f.samples > 1)
        put(to, DCM_PlanarConfiguration, 0);
    put_text(to, new DcmIntegerString(DcmTag(DCM_NumberOfFrames, EVR_IS)), "1");
    put(to, DCM_Rows, f.rows);
    put(to, DCM_Columns, f.columns);
    put(to, DCM_BitsAllocated, f.allocated);
    put(to, DCM_BitsStored, f.stored);
    put(to, DCM_HighBit, f.high);
    put(to, DCM_PixelRepresentation, f.is_signed);
}

void put_words(DcmDataset &to, const DcmTagKey &key, DcmEVR vr, const Uint16 *words, size_t count)
{
    std::unique_ptr<DcmOtherByteOtherWord> ow;
    if (vr == EVR_US) {
        std::unique_ptr<DcmUnsignedShort> us(new DcmUnsignedShort(DcmTag(key, EVR_US)));
        us->putUint16Array(words, static_cast<unsigned long>(count));
        if (to.insert(us.get()).good())
            us.release();
        return;
    }
    ow.reset(new DcmOtherByteOtherWord(DcmTag(key, EVR_OW)));
    ow->putUint16Array(words, static_cast<unsigned long>(count));
    if (to.insert(ow.get()).good())
        ow.release();
}

int decode(const dicom_frame &f, const char *syntax, void *out, size_t size, char photometric[20],
           char said[DICOM_SAID])
{
    const E_TransferSyntax xfer = DcmXfer(syntax).getXfer();
    DcmDataset set;
    describe(set, f);
    /* what is handed over belongs to its new owner, also after a failure of what follows */
    std::unique_ptr<DcmPixelSequence> items(
        new DcmPixelSequence(DcmTag(DCM_PixelSequenceTag, EVR_OB)));
    for (int i = 0; i < 2; i++) { /* the table of offsets, which is empty, and the frame */
        std::unique_ptr<DcmPixelItem> item(new DcmPixelItem(DcmTag(DCM_PixelItemTag, EVR_OB)));
        if (i == 1 && item->putUint8Array(static_cast<const Uint8 *>(f.bytes),
                                          static_cast<unsigned long>(f.size))
                          .bad())
            return fail(said, "out of memory");
        if (items->insert(item.get()).good())
            item.release();
    }
    std::unique_ptr<DcmPixelData> data(new DcmPixelData(DcmTag(DCM_PixelData, EVR_OB)));
    data->putOriginalRepresentation(xfer, nullptr, items.release());
    if (set.insert(data.get()).bad())
        return fail(said, "its pixels cannot be used");
    DcmPixelData *pixels = data.release();
    Uint32 fragment = 1;
    OFString model;
    const OFCondition done = pixels->getUncompressedFrame(
        &set, 0, fragment, out, static_cast<Uint32>(size + size % 2), model);
    if (done.bad())
        return fail(said, done.text());
    std::snprintf(photometric, 20, "%s", model.c_str());
    return 1;
}

int make_colours(const dicom_frame &f, unsigned bits, void *out, size_t size, char said[DICOM_SAID])
{
    static const DcmTagKey descriptors[] = {DCM_RedPaletteColorLookupTableDescriptor,
                                            DCM_GreenPaletteColorLookupTableDescriptor,
                                            DCM_BluePaletteColorLookupTableDescriptor};
    static const DcmTagKey tables[] = {DCM_RedPaletteColorLookupTableData,
                                       DCM_GreenPaletteColorLookupTableData,
                                       DCM_BluePaletteColorLookupTableData};
    DcmDataset set;
    describe(set, f);
    for (int c = 0; c < DICOM_LUTS && f.lut[0]; c++) {
        put_words(set, descriptors[c], EVR_US, f.lut_descriptor[c], 3);
        put_words(set, tables[c], EVR_OW, f.lut[c], f.lut_size[c]);
    }
    std::unique_ptr<DcmPixelData> data(
        new DcmPixelData(DcmTag(DCM_PixelData, f.allocated > 8 ? EVR_OW : EVR_OB)));
    const OFCondition put = f.allocated > 8
                                ? data->putUint16Array(static_cast<const Uint16 *>(f.bytes),
                                                       static_cast<unsigned long>(f.size / 2))
                                : data->putUint8Array(static_cast<const Uint8 *>(f.bytes),
                                                      static_cast<unsigned long>(f.size));
    if (put.bad() || set.insert(data.get()).bad())
        return fail(said, "its pixels cannot be used");
    data.release();
    DicomImage image(&set, EXS_LittleEndianExplicit);
    if (image.getStatus() != EIS_Normal)
        return fail(said, DicomImage::getString(image.getStatus()));
    if (image.getOutputDataSize(static_cast<int>(bits)) != size ||
        !image.getOutputData(out, static_cast<unsigned long>(size), static_cast<int>(bits), 0, 0))
        return fail(said, "its colours cannot be had");
    return 1;
}

} // namespace

int dicom_dcmtk_decodes(const char *syntax)
{
    char said[DICOM_SAID];
    return guarded(said, [&] {
        const E_TransferSyntax xfer = DcmXfer(syntax).getXfer();
        return xfer != EXS_Unknown && DcmCodecList::canChangeCoding(xfer, EXS_LittleEndianExplicit)
                   ? 1
                   : 0;
    });
}

int dicom_dcmtk_decode(const struct dicom_frame *f, const char *syntax, void *out, size_t size,
                       char photometric[20], char said[DICOM_SAID])
{
    return guarded(said, [&] { return decode(*f, syntax, out, size, photometric, said); });
}

int dicom_dcmtk_colours(const struct dicom_frame *f, unsigned bits, void *out, size_t size,
                        char said[DICOM_SAID])
{
    return guarded(said, [&] { return make_colours(*f, bits, out, size, said); });
}
