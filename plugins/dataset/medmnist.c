/* SPDX-License-Identifier: MIT */
#include "medmnist.h"

#include <stdio.h>
#include <string.h>

#include <transfuse/abi.h>

static const char *const path_names[] = {"adipose",
                                         "background",
                                         "debris",
                                         "lymphocytes",
                                         "mucus",
                                         "smooth muscle",
                                         "normal colon mucosa",
                                         "cancer-associated stroma",
                                         "colorectal adenocarcinoma epithelium"};
static const char *const chest_names[] = {
    "atelectasis",  "cardiomegaly",  "effusion", "infiltration", "mass",     "nodule",  "pneumonia",
    "pneumothorax", "consolidation", "edema",    "emphysema",    "fibrosis", "pleural", "hernia"};
static const char *const derma_names[] = {"actinic keratoses and intraepithelial carcinoma",
                                          "basal cell carcinoma",
                                          "benign keratosis-like lesions",
                                          "dermatofibroma",
                                          "melanoma",
                                          "melanocytic nevi",
                                          "vascular lesions"};
static const char *const oct_names[] = {"choroidal neovascularization", "diabetic macular edema",
                                        "drusen", "normal"};
static const char *const pneumonia_names[] = {"normal", "pneumonia"};
static const char *const retina_names[] = {"grade 0", "grade 1", "grade 2", "grade 3", "grade 4"};
static const char *const breast_names[] = {"malignant", "normal, benign"};
static const char *const blood_names[] = {
    "basophil",   "eosinophil", "erythroblast", "immature granulocytes",
    "lymphocyte", "monocyte",   "neutrophil",   "platelet"};
static const char *const tissue_names[] = {"Collecting Duct, Connecting Tubule",
                                           "Distal Convoluted Tubule",
                                           "Glomerular endothelial cells",
                                           "Interstitial endothelial cells",
                                           "Leukocytes",
                                           "Podocytes",
                                           "Proximal Tubule Segments",
                                           "Thick Ascending Limb"};
static const char *const organs_names[] = {
    "bladder", "femur-left", "femur-right", "heart",    "kidney-left", "kidney-right",
    "liver",   "lung-left",  "lung-right",  "pancreas", "spleen"};

static const struct medmnist sets[] = {
    {"pathmnist",
     path_names,
     TFU_COUNT(path_names),
     {"a8b06965200029087d5bd730944a56c1", "55aa9c1e0525abe5a6b9d8343a507616",
      "ac42d08fb904d92c244187169d1fd1d9", "2c51a510bcdc9cf8ddb2af93af1eadec"}},
    {"chestmnist",
     chest_names,
     TFU_COUNT(chest_names),
     {"02c8a6516a18b556561a56cbdd36c4a8", "9de6cd0b934ebb5b7426cfba5efbae16",
      "db107e5590b27930b62dbaf558aebee3", "45bd33e6f06c3e8cdb481c74a89152aa"}},
    {"dermamnist",
     derma_names,
     TFU_COUNT(derma_names),
     {"0744692d530f8e62ec473284d019b0c7", "b70a2f5635c6199aeaa28c31d7202e1f",
      "2defd784463fa5243564e855ed717de1", "8974907d8e169bef5f5b96bc506ae45d"}},
    {"octmnist",
     oct_names,
     TFU_COUNT(oct_names),
     {"c68d92d5b585d8d81f7112f81e2d0842", "e229e9440236b774d9f0dfef9d07bdaf",
      "0a97e76651ace45c5d943ee3f65b63ae", "abc493b6d529d5de7569faaef2773ba3"}},
    {"pneumoniamnist",
     pneumonia_names,
     TFU_COUNT(pneumonia_names),
     {"28209eda62fecd6e6a2d98b1501bb15f", "8f4eceb4ccffa70c672198ea285246c6",
      "05b46931834c231683c68f40c47b2971", "d6a3c71de1b945ea11211b03746c1fe1"}},
    {"retinamnist",
     retina_names,
     TFU_COUNT(retina_names),
     {"bd4c0672f1bba3e3a89f0e4e876791e4", "afda852cc34dcda56f86ad2b2457dbcc",
      "e48e916a24454daf90583d4e6efb1a18", "eae7e3b6f3fcbda4ae613ebdcbe35348"}},
    {"breastmnist",
     breast_names,
     TFU_COUNT(breast_names),
     {"750601b1f35ba3300ea97c75c52ff8f6", "742edef2a1fd1524b2efff4bd7ba9364",
      "363e4b3f8d712e9b5de15470a2aaadf1", "b56378a6eefa9fed602bb16d192d4c8b"}},
    {"bloodmnist",
     blood_names,
     TFU_COUNT(blood_names),
     {"7053d0359d879ad8a5505303e11de1dc", "2b94928a2ae4916078ca51e05b6b800b",
      "adace1e0ed228fccda1f39692059dd4c", "b718ff6835fcbdb22ba9eacccd7b2601"}},
    {"tissuemnist",
     tissue_names,
     TFU_COUNT(tissue_names),
     {"ebe78ee8b05294063de985d821c1c34b", "123ece2eba09d0aa5d698fda57103344",
      "61b955355d7425a89687b06cca3ce0c2", "b077128c4a949f0a4eb01517f9037b9c"}},
    {"organamnist",
     organs_names,
     TFU_COUNT(organs_names),
     {"68e3f8846a6bd62f0c9bf841c0d9eacc", "2dcccc29b88e6da5a01161ef20cda288",
      "eeae80d0a227a8d099027e1b3cfd3b60", "50747347e05c87dd3aaf92c49f9f3170"}},
    {"organcmnist",
     organs_names,
     TFU_COUNT(organs_names),
     {"b9ceb9546e10131b32923c5bbeaea2b1", "3ce34a8724ea6f548e6db4744d03b6a9",
      "773c1f009daa3fe5d9a2a201b2a7ed94", "050f5e875dc056f6768abf94ec9995d1"}},
    {"organsmnist",
     organs_names,
     TFU_COUNT(organs_names),
     {"9ab87b696fb54e2a387ebe992d6ed5f1", "53a6d115339d874c25e309a994ff46d3",
      "ded0c5fa01a95dc4978b956f613e9b8e", "b354719e553fbbb2513d5533f52a4cb1"}},
};

const struct medmnist *medmnist_find(const char *path, size_t *size)
{
    static const char *const endings[] = {".npz", "_64.npz", "_128.npz", "_224.npz"};
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
    for (size_t i = 0; i < TFU_COUNT(sets); i++)
        for (size_t k = 0; k < TFU_COUNT(endings); k++) {
            char name[64];
            snprintf(name, sizeof name, "%s%s", sets[i].flag, endings[k]);
            if (strcmp(file, name) == 0) {
                *size = k;
                return &sets[i];
            }
        }
    return NULL;
}
