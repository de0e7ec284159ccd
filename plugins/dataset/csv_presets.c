/* SPDX-License-Identifier: MIT */
#include "csv_presets.h"

/* A list of the words of an array. */
#define LIST(array)                                                                                \
    {                                                                                              \
        (array), TFU_COUNT(array)                                                                  \
    }

/* ---- generic */

static const char *const beside[] = {"{}", "images/{}"};

/* ---- chest X-rays */

static const char *const chexpert_train[] = {"train.csv"};
static const char *const chexpert_valid[] = {"valid.csv"};
static const char *const chexpert_test[] = {"test.csv", "test_labels.csv"};
static const char *const chexpert_labels[] = {"Atelectasis", "Cardiomegaly", "Consolidation",
                                              "Edema", "Pleural Effusion"};
static const char *const chexpert_views[] = {"AP/PA", "Frontal/Lateral"};

static const char *const nih14_table[] = {"Data_Entry_2017_v2020.csv", "Data_Entry_2017.csv"};
static const char *const nih14_pattern[] = {"{}", "images/{}", "images_*/images/{}", "images-*/{}"};
static const char *const nih14_labels[] = {
    "Atelectasis", "Cardiomegaly",       "Effusion",     "Infiltration", "Mass",
    "Nodule",      "Pneumonia",          "Pneumothorax", "Edema",        "Emphysema",
    "Fibrosis",    "Pleural_Thickening", "Hernia",       "Consolidation"};
static const char *const nih14_views[] = {"View Position"};
static const char *const nih14_boxes[] = {"Image Index", "Finding Label", "Bbox [x", "y", "w",
                                          "h]"};
static const char *const nih14_box_labels[] = {"Infiltrate=Infiltration"};

static const char *const padchest_table[] = {"PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv",
                                             "PADCHEST.csv"};
static const char *const padchest_pattern[] = {"{}", "images/{}", "{ImageDir}/{}", "images-*/{}"};
static const char *const padchest_labels[] = {
    "atelectasis", "cardiomegaly", "consolidation",   "emphysema",          "hiatal hernia",
    "infiltrates", "mass",         "nodule",          "pleural effusion",   "pleural thickening",
    "pneumonia",   "pneumothorax", "pulmonary edema", "pulmonary fibrosis", "pulmonary mass"};
static const char *const padchest_views[] = {"Projection"};

static const char *const rsna_table[] = {"stage_2_train_labels.csv"};
static const char *const rsna_pattern[] = {"{}", "stage_2_train_images/{}", "images/{}"};
static const char *const rsna_labels[] = {"Target"};
static const char *const rsna_values[] = {"no opacity=0", "opacity=1"};
static const char *const rsna_boxes[] = {"x", "y", "width", "height"};

/* ---- fundus */

static const char *const eyepacs_train[] = {"trainLabels.csv"};
static const char *const eyepacs_test[] = {"retinopathy_solution.csv", "testLabels.csv",
                                           "testLabels15.csv"};
static const char *const eyepacs_train_files[] = {"{}", "train/{}", "images/{}"};
static const char *const eyepacs_test_files[] = {"{}", "test/{}", "images/{}"};
static const char *const eyepacs_labels[] = {"level"};
static const char *const grades[] = {"no DR=0", "mild=1", "moderate=2", "severe=3",
                                     "proliferative=4"};

static const char *const aptos_train[] = {"train.csv", "train_1.csv"};
static const char *const aptos_valid[] = {"valid.csv"};
static const char *const aptos_test[] = {"test.csv"};
static const char *const aptos_train_files[] = {"{}", "train_images/{}", "images/{}"};
static const char *const aptos_valid_files[] = {"{}", "val_images/{}", "train_images/{}",
                                                "images/{}"};
static const char *const aptos_test_files[] = {"{}", "test_images/{}", "images/{}"};
static const char *const aptos_labels[] = {"diagnosis"};

static const char *const messidor2_table[] = {"messidor_data.csv", "messidor-2.csv"};
static const char *const messidor2_files[] = {"{}", "images/{}", "IMAGES/{}", "messidor-2/*/{}"};
static const char *const messidor2_labels[] = {"adjudicated_dr_grade"};
static const char *const messidor2_where[] = {"adjudicated_gradable=1"};

static const char *const idrid_train[] = {
    "B. Disease Grading/2. Groundtruths/a. IDRiD_Disease Grading_Training Labels.csv",
    "2. Groundtruths/a. IDRiD_Disease Grading_Training Labels.csv",
    "a. IDRiD_Disease Grading_Training Labels.csv"};
static const char *const idrid_test[] = {
    "B. Disease Grading/2. Groundtruths/b. IDRiD_Disease Grading_Testing Labels.csv",
    "2. Groundtruths/b. IDRiD_Disease Grading_Testing Labels.csv",
    "b. IDRiD_Disease Grading_Testing Labels.csv"};
static const char *const idrid_train_files[] = {
    "B. Disease Grading/1. Original Images/a. Training Set/{}",
    "1. Original Images/a. Training Set/{}", "a. Training Set/{}", "{}", "images/{}"};
static const char *const idrid_test_files[] = {
    "B. Disease Grading/1. Original Images/b. Testing Set/{}",
    "1. Original Images/b. Testing Set/{}", "b. Testing Set/{}", "{}", "images/{}"};
static const char *const idrid_labels[] = {"Retinopathy grade"};

static const struct csv_preset presets[] = {
    {.name = "generic",
     .part = {{.pattern = LIST(beside)}, {.pattern = LIST(beside)}, {.pattern = LIST(beside)}}},
    {.name = "chexpert",
     .part = {{LIST(chexpert_train), LIST(beside)},
              {LIST(chexpert_valid), LIST(beside)},
              {LIST(chexpert_test), LIST(beside)}},
     .holds = "Path, Sex, Age, Frontal/Lateral, AP/PA and a column for each finding",
     .image = "Path",
     .labels = LIST(chexpert_labels),
     .kind = CSV_LABELS,
     .group = "patient([0-9]+)",
     .view = LIST(chexpert_views),
     .sex = "Sex",
     .age = "Age"},
    {.name = "nih14",
     .part = {{LIST(nih14_table), LIST(nih14_pattern)},
              {LIST(nih14_table), LIST(nih14_pattern)},
              {LIST(nih14_table), LIST(nih14_pattern)}},
     .holds = "Image Index, Finding Labels, Patient ID and more",
     .image = "Image Index",
     .labels = LIST(nih14_labels),
     .label_list = "Finding Labels",
     .kind = CSV_LABELS,
     .group = "Patient ID",
     .view = LIST(nih14_views),
     .sex = "Patient Gender",
     .age = "Patient Age",
     .boxes_table = LIST(nih14_boxes),
     .box_labels = LIST(nih14_box_labels)},
    {.name = "padchest",
     .part = {{LIST(padchest_table), LIST(padchest_pattern)},
              {LIST(padchest_table), LIST(padchest_pattern)},
              {LIST(padchest_table), LIST(padchest_pattern)}},
     .holds = "ImageID, PatientID, Projection, Labels and more",
     .image = "ImageID",
     .labels = LIST(padchest_labels),
     .label_list = "Labels",
     .kind = CSV_LABELS,
     .group = "PatientID",
     .view = LIST(padchest_views),
     .sex = "PatientSex_DICOM",
     .birth = "PatientBirth",
     .date = "StudyDate_DICOM"},
    {.name = "rsna",
     .part = {{LIST(rsna_table), LIST(rsna_pattern)},
              {LIST(rsna_table), LIST(rsna_pattern)},
              {LIST(rsna_table), LIST(rsna_pattern)}},
     .holds = "patientId, x, y, width, height, Target",
     .image = "patientId",
     .labels = LIST(rsna_labels),
     .kind = CSV_CLASS,
     .values = LIST(rsna_values),
     .rows = CSV_ROWS_GROUPED,
     .boxes = LIST(rsna_boxes)},
    {.name = "eyepacs",
     .part = {{LIST(eyepacs_train), LIST(eyepacs_train_files)},
              {LIST(eyepacs_train), LIST(eyepacs_train_files)},
              {LIST(eyepacs_test), LIST(eyepacs_test_files)}},
     .holds = "image and level, a grade of 0 to 4; that of the test images was published in the "
              "competition's forum, not with the images",
     .image = "image",
     .labels = LIST(eyepacs_labels),
     .values = LIST(grades),
     .kind = CSV_CLASS,
     .group = "([0-9]+)_(left|right)"},
    {.name = "aptos",
     .part = {{LIST(aptos_train), LIST(aptos_train_files)},
              {LIST(aptos_valid), LIST(aptos_valid_files)},
              {LIST(aptos_test), LIST(aptos_test_files)}},
     .holds = "id_code and diagnosis, a grade of 0 to 4; the competition's test images have none",
     .image = "id_code",
     .labels = LIST(aptos_labels),
     .values = LIST(grades),
     .kind = CSV_CLASS},
    {.name = "messidor2",
     .part = {{LIST(messidor2_table), LIST(messidor2_files)},
              {LIST(messidor2_table), LIST(messidor2_files)},
              {LIST(messidor2_table), LIST(messidor2_files)}},
     .holds = "image_id, adjudicated_dr_grade, adjudicated_dme, adjudicated_gradable, which are "
              "published apart from the images",
     .image = "image_id",
     .where = LIST(messidor2_where),
     .labels = LIST(messidor2_labels),
     .values = LIST(grades),
     .kind = CSV_CLASS},
    {.name = "idrid",
     .part = {{LIST(idrid_train), LIST(idrid_train_files)},
              {LIST(idrid_train), LIST(idrid_train_files)},
              {LIST(idrid_test), LIST(idrid_test_files)}},
     .holds = "Image name, Retinopathy grade, Risk of macular edema",
     .image = "Image name",
     .labels = LIST(idrid_labels),
     .values = LIST(grades),
     .kind = CSV_CLASS},
};

const char *const csv_preset_names[] = {"generic", "chexpert", "nih14",     "padchest", "rsna",
                                        "eyepacs", "aptos",    "messidor2", "idrid",    NULL};

const struct csv_preset *csv_preset_get(int32_t index)
{
    return &presets[index];
}
