/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xapian_c.cc: implements xapian_c.h, which says what everything does. This is the one C++ file, and
 * the one that sees <xapian.h>; differences between Xapian 1.4 and 2.x are bridged here.
 *
 * The pattern: each opaque C type is a struct around the Xapian class; each function is one guard()
 * around a few lines of C++; deref() turns pointers of the caller into references and rejects NULL;
 * create() makes what a `T **out` gives. Exceptions of any kind end in guard().
 */
#include "xapian_c.h"

#include <xapian.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

static_assert(sizeof(Xapian::docid) == sizeof(xapian_docid) && sizeof(Xapian::termcount) == sizeof(xapian_termcount) &&
                  sizeof(Xapian::termpos) == sizeof(xapian_termpos) &&
                  sizeof(Xapian::valueno) == sizeof(xapian_valueno),
              "xapian_c.h speaks of 32-bit docids, counts and positions; this libxapian has wider ones");

/* ---- Errors: the guard ----------------------------------------------------------------------- */

namespace
{

/* What is thrown when a callback of the caller fails. No std::exception and no Xapian::Error, so that
   nothing between the callback and guard() catches it. */
struct CallbackFailure {
    char message[sizeof(xapian_error::message)];
};

void copy_message(char (&out)[sizeof(xapian_error::message)], const char *text) noexcept
{
    size_t len = std::strlen(text);
    if (len >= sizeof out) {
        len = sizeof out - 1;
        while (len > 0 && (static_cast<unsigned char>(text[len]) & 0xC0) == 0x80)
            --len; // not within a UTF-8 character
    }
    for (size_t i = 0; i < len; ++i)
        out[i] = text[i] == '\n' || text[i] == '\r' ? ' ' : text[i];
    out[len] = '\0';
}

xapian_status tell(xapian_error *err, xapian_status status, const char *message) noexcept
{
    if (err) {
        err->status = status;
        copy_message(err->message, message);
    }
    return status;
}

/* "DatabaseLockError: Unable to get write lock on /x: already locked (context; errno text)". */
xapian_status tell(xapian_error *err, xapian_status status, const Xapian::Error &e) noexcept
{
    if (!err)
        return status;
    try {
        std::string text = std::string(e.get_type()) + ": " + e.get_msg();
        const char *error_string = e.get_error_string();
        const std::string &context = e.get_context();
        if (!context.empty() || error_string) {
            text += " (" + context;
            if (!context.empty() && error_string)
                text += "; ";
            if (error_string)
                text += error_string;
            text += ')';
        }
        return tell(err, status, text.c_str());
    } catch (...) {
        return tell(err, status, e.get_type());
    }
}

/* Maps the exception being handled. Most derived classes first. */
xapian_status caught(xapian_error *err) noexcept
{
    try {
        throw;
    } catch (const CallbackFailure &e) {
        return tell(err, XAPIAN_C_CALLBACK, e.message);
    } catch (const Xapian::DatabaseModifiedError &e) {
        return tell(err, XAPIAN_C_MODIFIED, e);
    } catch (const Xapian::DatabaseLockError &e) {
        return tell(err, XAPIAN_C_LOCK, e);
    } catch (const Xapian::DatabaseCorruptError &e) {
        return tell(err, XAPIAN_C_CORRUPT, e);
    } catch (const Xapian::DatabaseVersionError &e) {
        return tell(err, XAPIAN_C_VERSION, e);
    } catch (const Xapian::DatabaseNotFoundError &e) {
        return tell(err, XAPIAN_C_DB_NOT_FOUND, e);
    } catch (const Xapian::DatabaseOpeningError &e) {
        return tell(err, XAPIAN_C_OPENING, e);
    } catch (const Xapian::DatabaseCreateError &e) {
        return tell(err, XAPIAN_C_CREATE, e);
    } catch (const Xapian::DatabaseClosedError &e) {
        return tell(err, XAPIAN_C_CLOSED, e);
    } catch (const Xapian::DatabaseError &e) {
        return tell(err, XAPIAN_C_DATABASE, e);
    } catch (const Xapian::DocNotFoundError &e) {
        return tell(err, XAPIAN_C_DOC_NOT_FOUND, e);
    } catch (const Xapian::FeatureUnavailableError &e) {
        return tell(err, XAPIAN_C_FEATURE, e);
    } catch (const Xapian::NetworkTimeoutError &e) {
        return tell(err, XAPIAN_C_NETWORK_TIMEOUT, e);
    } catch (const Xapian::NetworkError &e) {
        return tell(err, XAPIAN_C_NETWORK, e);
    } catch (const Xapian::InternalError &e) {
        return tell(err, XAPIAN_C_INTERNAL, e);
    } catch (const Xapian::QueryParserError &e) {
        return tell(err, XAPIAN_C_QUERY_PARSER, e);
    } catch (const Xapian::RangeError &e) {
        return tell(err, XAPIAN_C_RANGE, e);
    } catch (const Xapian::SerialisationError &e) {
        return tell(err, XAPIAN_C_SERIALISATION, e);
    } catch (const Xapian::WildcardError &e) {
        return tell(err, XAPIAN_C_WILDCARD, e);
    } catch (const Xapian::RuntimeError &e) {
        return tell(err, XAPIAN_C_RUNTIME, e);
    } catch (const Xapian::AssertionError &e) {
        return tell(err, XAPIAN_C_ASSERTION, e);
    } catch (const Xapian::InvalidArgumentError &e) {
        return tell(err, XAPIAN_C_ARGUMENT, e);
    } catch (const Xapian::InvalidOperationError &e) {
        return tell(err, XAPIAN_C_OPERATION, e);
    } catch (const Xapian::UnimplementedError &e) {
        return tell(err, XAPIAN_C_UNIMPLEMENTED, e);
    } catch (const Xapian::LogicError &e) {
        return tell(err, XAPIAN_C_LOGIC, e);
    } catch (const Xapian::Error &e) {
        return tell(err, XAPIAN_C_ERROR, e);
    } catch (const std::bad_alloc &) {
        return tell(err, XAPIAN_C_NOMEM, "out of memory");
    } catch (const std::exception &e) {
        return tell(err, XAPIAN_C_STD, e.what());
    } catch (...) {
        return tell(err, XAPIAN_C_UNKNOWN, "an unknown C++ exception");
    }
}

/* Every function that can fail runs its body in here. `body` returns nothing, or a status. */
template <typename Body> xapian_status guard(xapian_error *err, Body &&body) noexcept
{
    try {
        if constexpr (std::is_void_v<decltype(body())>) {
            body();
            return XAPIAN_C_OK;
        } else {
            return body();
        }
    } catch (...) {
        return caught(err);
    }
}

/* ---- Small helpers --------------------------------------------------------------------------- */

template <typename T> T &deref(T *pointer)
{
    if (!pointer)
        throw Xapian::InvalidArgumentError("a pointer that may not be NULL is NULL");
    return *pointer;
}

std::string bytes(const char *data, size_t len)
{
    return len ? std::string(&deref(data), len) : std::string();
}

std::string text(const char *zero_terminated)
{
    return std::string(&deref(zero_terminated));
}

/* For functions that give an object: *out is NULL until the object is complete. */
template <typename T, typename Make> xapian_status create(T **out, xapian_error *err, Make &&make) noexcept
{
    if (out)
        *out = nullptr;
    return guard(err, [&] {
        T *&place = deref(out); // before anything is made that could leak
        place = make();
    });
}

/* For functions that give a number: *out is 0 until there is one. */
template <typename T, typename Get> xapian_status number(T *out, xapian_error *err, Get &&get) noexcept
{
    if (out)
        *out = T();
    return guard(err, [&] { deref(out) = static_cast<T>(get()); });
}

void put(xapian_buffer *out, const std::string &value)
{
    if (value.size() >= out->capacity) {
        size_t capacity = std::max(value.size() + 1, std::max<size_t>(32, out->capacity * 2));
        char *data = static_cast<char *>(std::realloc(out->data, capacity));
        if (!data)
            throw std::bad_alloc();
        out->data = data;
        out->capacity = capacity;
    }
    std::memcpy(out->data, value.data(), value.size());
    out->data[value.size()] = '\0';
    out->len = value.size();
}

/* For functions that give a string. */
template <typename Get> xapian_status string_out(xapian_buffer *out, xapian_error *err, Get &&get) noexcept
{
    if (out) {
        out->len = 0;
        if (out->data)
            out->data[0] = '\0';
    }
    return guard(err, [&] { put(&deref(out), get()); });
}

/* Turns what a callback returned into an exception if it failed. */
void check_callback(xapian_status status, const xapian_error &said, const char *what)
{
    if (status >= 0)
        return;
    CallbackFailure failure;
    if (said.message[0])
        copy_message(failure.message, said.message);
    else
        copy_message(failure.message, (std::string(what) + " failed with status " + std::to_string(status)).c_str());
    throw failure;
}

} // namespace

/* ---- The types behind the opaque ones -------------------------------------------------------- */

struct xapian_database {
    Xapian::Database db;
    bool is_view = false; // of a xapian_writable
};

struct xapian_writable {
    Xapian::WritableDatabase db;
    xapian_database view; // the same one underneath
};

struct xapian_document {
    Xapian::Document doc;
};

struct xapian_query {
    Xapian::Query query;
};

struct xapian_spy {
    std::shared_ptr<Xapian::MatchSpy> spy;
    Xapian::ValueCountMatchSpy *counts = nullptr; // the same one, if it counts values
};

struct xapian_enquire {
    Xapian::Database db;
    Xapian::Enquire enquire;
    // Xapian holds these two by plain pointers.
    std::vector<std::shared_ptr<Xapian::MatchSpy>> spies;
    std::unique_ptr<Xapian::KeyMaker> sorter;

    explicit xapian_enquire(const Xapian::Database &db_) : db(db_), enquire(db_)
    {
    }
};

struct xapian_mset {
    Xapian::MSet mset;
};

struct xapian_rset {
    Xapian::RSet rset;
};

struct xapian_eset {
    Xapian::ESet eset;
};

struct xapian_stem {
    Xapian::Stem stem;
    std::string word; // kept for its room
};

struct xapian_termgen {
    Xapian::TermGenerator generator;
};

namespace
{

/* The three states an iterator of xapian_c.h knows; a Xapian iterator has no "before the first". */
enum class Place { before, on, end };

template <typename XapianIterator> struct Iterator {
    XapianIterator it;
    Place place = Place::before;

    explicit Iterator(XapianIterator it_) : it(std::move(it_))
    {
    }

    bool next()
    {
        if (place == Place::on)
            ++it;
        return settle();
    }

    template <typename Target> bool seek(const Target &target)
    {
        if (place != Place::end && it != XapianIterator())
            it.skip_to(target);
        return settle();
    }

    const XapianIterator &current() const
    {
        if (place != Place::on)
            throw Xapian::InvalidOperationError("the iterator is on no entry");
        return it;
    }

  private:
    bool settle()
    {
        if (place != Place::end)
            place = it == XapianIterator() ? Place::end : Place::on;
        return place == Place::on;
    }
};

} // namespace

struct xapian_term_iter : Iterator<Xapian::TermIterator> {
    using Iterator::Iterator;
    std::string term; // lent
};

struct xapian_posting_iter : Iterator<Xapian::PostingIterator> {
    using Iterator::Iterator;
};

struct xapian_position_iter : Iterator<Xapian::PositionIterator> {
    using Iterator::Iterator;
};

struct xapian_value_iter : Iterator<Xapian::ValueIterator> {
    xapian_value_iter(Xapian::ValueIterator it_, bool by_slot_) : Iterator(std::move(it_)), by_slot(by_slot_)
    {
    }
    bool by_slot;      // among the values of one document
    std::string value; // lent
};

/* ---- Library and errors ---------------------------------------------------------------------- */

const char *xapian_version(void)
{
    return Xapian::version_string();
}

const char *xapian_status_text(xapian_status status)
{
    switch (status) {
    case XAPIAN_C_OK:
        return "success";
    case XAPIAN_C_END:
        return "nothing left";
    case XAPIAN_C_MODIFIED:
        return "database modified since it was opened";
    case XAPIAN_C_LOCK:
        return "database locked";
    case XAPIAN_C_CORRUPT:
        return "database corrupt";
    case XAPIAN_C_VERSION:
        return "database format not supported";
    case XAPIAN_C_DB_NOT_FOUND:
        return "database not found";
    case XAPIAN_C_OPENING:
        return "database cannot be opened";
    case XAPIAN_C_CREATE:
        return "database cannot be created";
    case XAPIAN_C_CLOSED:
        return "database closed";
    case XAPIAN_C_DATABASE:
        return "database error";
    case XAPIAN_C_DOC_NOT_FOUND:
        return "document not found";
    case XAPIAN_C_FEATURE:
        return "feature unavailable";
    case XAPIAN_C_ARGUMENT:
        return "invalid argument";
    case XAPIAN_C_OPERATION:
        return "invalid operation";
    case XAPIAN_C_NETWORK:
        return "network error";
    case XAPIAN_C_NETWORK_TIMEOUT:
        return "network timeout";
    case XAPIAN_C_INTERNAL:
        return "internal error";
    case XAPIAN_C_QUERY_PARSER:
        return "query cannot be parsed";
    case XAPIAN_C_RANGE:
        return "out of range";
    case XAPIAN_C_SERIALISATION:
        return "serialisation error";
    case XAPIAN_C_UNIMPLEMENTED:
        return "not implemented";
    case XAPIAN_C_WILDCARD:
        return "wildcard has too many expansions";
    case XAPIAN_C_ASSERTION:
        return "assertion failed";
    case XAPIAN_C_LOGIC:
        return "logic error";
    case XAPIAN_C_RUNTIME:
        return "run-time error";
    case XAPIAN_C_ERROR:
        return "Xapian error";
    case XAPIAN_C_NOMEM:
        return "out of memory";
    case XAPIAN_C_STD:
        return "C++ standard library error";
    case XAPIAN_C_UNKNOWN:
        return "unknown C++ exception";
    case XAPIAN_C_CALLBACK:
        return "callback failed";
    }
    return "unknown status";
}

/* A hook for the tests, in no header and hidden in a shared library: throws one of everything that
   guard() maps. Returns XAPIAN_C_OK when `kind` is past the last. */
extern "C" xapian_status xapian_c_test_throw(int kind, xapian_error *err);

namespace
{

struct OtherLogicError : Xapian::LogicError {
    OtherLogicError() : Xapian::LogicError("test", "", "\100OtherLogicError", 0)
    {
    }
};
struct OtherRuntimeError : Xapian::RuntimeError {
    OtherRuntimeError() : Xapian::RuntimeError("test", "", "\100OtherRuntimeError", 0)
    {
    }
};
struct OtherError : Xapian::Error {
    OtherError() : Xapian::Error("test", "", "\100OtherError", 0)
    {
    }
};

} // namespace

xapian_status xapian_c_test_throw(int kind, xapian_error *err)
{
    return guard(err, [&] {
        switch (kind) {
        case 0:
            throw Xapian::DatabaseModifiedError("test");
        case 1:
            throw Xapian::DatabaseLockError("test");
        case 2:
            throw Xapian::DatabaseCorruptError("test");
        case 3:
            throw Xapian::DatabaseVersionError("test");
        case 4:
            throw Xapian::DatabaseNotFoundError("test");
        case 5:
            throw Xapian::DatabaseOpeningError("test");
        case 6:
            throw Xapian::DatabaseCreateError("test");
        case 7:
            throw Xapian::DatabaseClosedError("test");
        case 8:
            throw Xapian::DatabaseError("test", "context", ENOSPC);
        case 9:
            throw Xapian::DocNotFoundError("test");
        case 10:
            throw Xapian::FeatureUnavailableError("test");
        case 11:
            throw Xapian::InvalidArgumentError("test");
        case 12:
            throw Xapian::InvalidOperationError("test");
        case 13:
            throw Xapian::NetworkError("test");
        case 14:
            throw Xapian::NetworkTimeoutError("test");
        case 15:
            throw Xapian::InternalError("test");
        case 16:
            throw Xapian::QueryParserError("test");
        case 17:
            throw Xapian::RangeError("test");
        case 18:
            throw Xapian::SerialisationError("test");
        case 19:
            throw Xapian::UnimplementedError("test");
        case 20:
            throw Xapian::WildcardError("test");
        case 21:
            throw Xapian::AssertionError("test");
        case 22:
            throw OtherLogicError();
        case 23:
            throw OtherRuntimeError();
        case 24:
            throw OtherError();
        case 25:
            throw std::bad_alloc();
        case 26:
            throw std::length_error("test");
        case 27:
            throw 42;
        case 28:
            throw CallbackFailure{ "test" };
        case 29:
            throw Xapian::InternalError(std::string(300, 'x') + "\n");
        default:
            break;
        }
    });
}

/* ---- Plain types ----------------------------------------------------------------------------- */

void xapian_buffer_dispose(xapian_buffer *buffer)
{
    if (!buffer)
        return;
    std::free(buffer->data);
    *buffer = xapian_buffer XAPIAN_BUFFER_INIT;
}

size_t xapian_sortable_serialise(char out[XAPIAN_SORTABLE_MAX], double value)
{
    return Xapian::sortable_serialise_(value, out);
}

double xapian_sortable_unserialise(const char *data, size_t len)
{
    // No value is longer, and a short string never allocates, so this cannot throw.
    return Xapian::sortable_unserialise(len ? std::string(data, std::min<size_t>(len, XAPIAN_SORTABLE_MAX))
                                            : std::string());
}

/* ---- Iterators ------------------------------------------------------------------------------- */

namespace
{

/* Runs `move` and hands over the term it arrives at. */
template <typename Move>
xapian_status deliver_term(const char **term, size_t *len, xapian_term_iter *it, xapian_error *err,
                           Move &&move) noexcept
{
    if (term)
        *term = nullptr;
    if (len)
        *len = 0;
    return guard(err, [&] {
        if (!move(deref(it)))
            return XAPIAN_C_END;
        it->term = *it->current();
        deref(term) = it->term.data();
        deref(len) = it->term.size();
        return XAPIAN_C_OK;
    });
}

/* The same for an iterator over numbers. */
template <typename It, typename Move>
xapian_status deliver_number(uint32_t *out, It *it, xapian_error *err, Move &&move) noexcept
{
    if (out)
        *out = 0;
    return guard(err, [&] {
        if (!move(deref(it)))
            return XAPIAN_C_END;
        deref(out) = *it->current();
        return XAPIAN_C_OK;
    });
}

template <typename Move>
xapian_status deliver_value(uint32_t *key, const char **value, size_t *len, xapian_value_iter *it, xapian_error *err,
                            Move &&move) noexcept
{
    if (key)
        *key = 0;
    if (value)
        *value = nullptr;
    if (len)
        *len = 0;
    return guard(err, [&] {
        if (!move(deref(it)))
            return XAPIAN_C_END;
        const Xapian::ValueIterator &at = it->current();
        deref(key) = it->by_slot ? at.get_valueno() : at.get_docid();
        it->value = *at;
        deref(value) = it->value.data();
        deref(len) = it->value.size();
        return XAPIAN_C_OK;
    });
}

const auto move_next = [](auto &it) { return it.next(); };

} // namespace

xapian_status xapian_term_iter_next(const char **term, size_t *len, xapian_term_iter *it, xapian_error *err)
{
    return deliver_term(term, len, it, err, move_next);
}

xapian_status xapian_term_iter_seek(const char **term, size_t *len, xapian_term_iter *it, const char *target,
                                    size_t target_len, xapian_error *err)
{
    return deliver_term(term, len, it, err, [&](xapian_term_iter &i) { return i.seek(bytes(target, target_len)); });
}

xapian_status xapian_term_iter_wdf(xapian_termcount *out, const xapian_term_iter *it, xapian_error *err)
{
    return number(out, err, [&] { return deref(it).current().get_wdf(); });
}

xapian_status xapian_term_iter_termfreq(xapian_doccount *out, const xapian_term_iter *it, xapian_error *err)
{
    return number(out, err, [&] { return deref(it).current().get_termfreq(); });
}

xapian_status xapian_term_iter_position_count(xapian_termcount *out, const xapian_term_iter *it, xapian_error *err)
{
    return number(out, err, [&] { return deref(it).current().positionlist_count(); });
}

xapian_status xapian_term_iter_positions(xapian_position_iter **out, const xapian_term_iter *it, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_position_iter(deref(it).current().positionlist_begin()); });
}

void xapian_term_iter_free(xapian_term_iter *it)
{
    delete it;
}

xapian_status xapian_posting_iter_next(xapian_docid *docid, xapian_posting_iter *it, xapian_error *err)
{
    return deliver_number(docid, it, err, move_next);
}

xapian_status xapian_posting_iter_seek(xapian_docid *docid, xapian_posting_iter *it, xapian_docid target,
                                       xapian_error *err)
{
    return deliver_number(docid, it, err, [&](auto &i) { return i.seek(target); });
}

xapian_status xapian_posting_iter_wdf(xapian_termcount *out, const xapian_posting_iter *it, xapian_error *err)
{
    return number(out, err, [&] { return deref(it).current().get_wdf(); });
}

xapian_status xapian_posting_iter_doclength(xapian_termcount *out, const xapian_posting_iter *it, xapian_error *err)
{
    return number(out, err, [&] { return deref(it).current().get_doclength(); });
}

xapian_status xapian_posting_iter_positions(xapian_position_iter **out, const xapian_posting_iter *it,
                                            xapian_error *err)
{
    return create(out, err, [&] { return new xapian_position_iter(deref(it).current().positionlist_begin()); });
}

void xapian_posting_iter_free(xapian_posting_iter *it)
{
    delete it;
}

xapian_status xapian_position_iter_next(xapian_termpos *pos, xapian_position_iter *it, xapian_error *err)
{
    return deliver_number(pos, it, err, move_next);
}

xapian_status xapian_position_iter_seek(xapian_termpos *pos, xapian_position_iter *it, xapian_termpos target,
                                        xapian_error *err)
{
    return deliver_number(pos, it, err, [&](auto &i) { return i.seek(target); });
}

void xapian_position_iter_free(xapian_position_iter *it)
{
    delete it;
}

xapian_status xapian_value_iter_next(uint32_t *key, const char **value, size_t *len, xapian_value_iter *it,
                                     xapian_error *err)
{
    return deliver_value(key, value, len, it, err, move_next);
}

xapian_status xapian_value_iter_seek(uint32_t *key, const char **value, size_t *len, xapian_value_iter *it,
                                     uint32_t target, xapian_error *err)
{
    return deliver_value(key, value, len, it, err, [&](auto &i) { return i.seek(target); });
}

void xapian_value_iter_free(xapian_value_iter *it)
{
    delete it;
}

/* ---- Database: reading ----------------------------------------------------------------------- */

xapian_status xapian_database_open(xapian_database **out, const char *path, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_database{ Xapian::Database(text(path)) }; });
}

xapian_status xapian_database_open_many(xapian_database **out, const char *const *paths, size_t n, xapian_error *err)
{
    return create(out, err, [&] {
        auto result = std::make_unique<xapian_database>();
        for (size_t i = 0; i < n; ++i)
            result->db.add_database(Xapian::Database(text((&deref(paths))[i])));
        return result.release();
    });
}

xapian_status xapian_database_open_remote(xapian_database **out, const char *host, uint16_t port, uint32_t timeout_ms,
                                          uint32_t connect_timeout_ms, xapian_error *err)
{
    return create(out, err, [&] {
        return new xapian_database{ Xapian::Remote::open(text(host), port, timeout_ms ? timeout_ms : 10000,
                                                         connect_timeout_ms ? connect_timeout_ms : 10000) };
    });
}

xapian_status xapian_database_add(xapian_database *db, const xapian_database *other, xapian_error *err)
{
    return guard(err, [&] {
        if (deref(db).is_view)
            throw Xapian::InvalidOperationError("databases cannot be added to one that is being written");
        db->db.add_database(deref(other).db);
    });
}

xapian_status xapian_database_shard_count(size_t *out, const xapian_database *db, xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.size(); });
}

xapian_status xapian_database_reopen(bool *changed, xapian_database *db, xapian_error *err)
{
    if (changed)
        *changed = false;
    return guard(err, [&] {
        bool newer = deref(db).db.reopen();
        if (changed)
            *changed = newer;
    });
}

xapian_status xapian_database_close(xapian_database *db, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.close(); });
}

void xapian_database_free(xapian_database *db)
{
    if (db && !db->is_view)
        delete db;
}

xapian_status xapian_database_doccount(xapian_doccount *out, const xapian_database *db, xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.get_doccount(); });
}

xapian_status xapian_database_lastdocid(xapian_docid *out, const xapian_database *db, xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.get_lastdocid(); });
}

xapian_status xapian_database_avlength(double *out, const xapian_database *db, xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.get_average_length(); });
}

xapian_status xapian_database_total_length(uint64_t *out, const xapian_database *db, xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.get_total_length(); });
}

xapian_status xapian_database_doclength(xapian_termcount *out, const xapian_database *db, xapian_docid docid,
                                        xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.get_doclength(docid); });
}

xapian_status xapian_database_has_positions(bool *out, const xapian_database *db, xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.has_positions(); });
}

xapian_status xapian_database_uuid(xapian_buffer *out, const xapian_database *db, xapian_error *err)
{
    return string_out(out, err, [&] { return deref(db).db.get_uuid(); });
}

xapian_status xapian_database_revision(uint64_t *out, const xapian_database *db, xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.get_revision(); });
}

xapian_status xapian_database_locked(bool *out, const xapian_database *db, xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.locked(); });
}

xapian_status xapian_database_keep_alive(xapian_database *db, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.keep_alive(); });
}

xapian_status xapian_database_termfreq(xapian_doccount *out, const xapian_database *db, const char *term, size_t len,
                                       xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.get_termfreq(bytes(term, len)); });
}

xapian_status xapian_database_collection_freq(xapian_termcount *out, const xapian_database *db, const char *term,
                                              size_t len, xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.get_collection_freq(bytes(term, len)); });
}

xapian_status xapian_database_term_exists(bool *out, const xapian_database *db, const char *term, size_t len,
                                          xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.term_exists(bytes(term, len)); });
}

xapian_status xapian_database_value_freq(xapian_doccount *out, const xapian_database *db, xapian_valueno slot,
                                         xapian_error *err)
{
    return number(out, err, [&] { return deref(db).db.get_value_freq(slot); });
}

xapian_status xapian_database_value_lower_bound(xapian_buffer *out, const xapian_database *db, xapian_valueno slot,
                                                xapian_error *err)
{
    return string_out(out, err, [&] { return deref(db).db.get_value_lower_bound(slot); });
}

xapian_status xapian_database_value_upper_bound(xapian_buffer *out, const xapian_database *db, xapian_valueno slot,
                                                xapian_error *err)
{
    return string_out(out, err, [&] { return deref(db).db.get_value_upper_bound(slot); });
}

xapian_status xapian_database_get_document(xapian_document **out, const xapian_database *db, xapian_docid docid,
                                           xapian_error *err)
{
    return create(out, err, [&] { return new xapian_document{ deref(db).db.get_document(docid) }; });
}

xapian_status xapian_database_allterms(xapian_term_iter **out, const xapian_database *db, const char *prefix,
                                       size_t len, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_term_iter(deref(db).db.allterms_begin(bytes(prefix, len))); });
}

xapian_status xapian_database_postings(xapian_posting_iter **out, const xapian_database *db, const char *term,
                                       size_t len, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_posting_iter(deref(db).db.postlist_begin(bytes(term, len))); });
}

xapian_status xapian_database_termlist(xapian_term_iter **out, const xapian_database *db, xapian_docid docid,
                                       xapian_error *err)
{
    return create(out, err, [&] { return new xapian_term_iter(deref(db).db.termlist_begin(docid)); });
}

xapian_status xapian_database_positions(xapian_position_iter **out, const xapian_database *db, xapian_docid docid,
                                        const char *term, size_t len, xapian_error *err)
{
    return create(out, err,
                  [&] { return new xapian_position_iter(deref(db).db.positionlist_begin(docid, bytes(term, len))); });
}

xapian_status xapian_database_values(xapian_value_iter **out, const xapian_database *db, xapian_valueno slot,
                                     xapian_error *err)
{
    return create(out, err, [&] { return new xapian_value_iter(deref(db).db.valuestream_begin(slot), false); });
}

xapian_status xapian_database_metadata(xapian_buffer *out, const xapian_database *db, const char *key, size_t len,
                                       xapian_error *err)
{
    return string_out(out, err, [&] { return deref(db).db.get_metadata(bytes(key, len)); });
}

xapian_status xapian_database_metadata_keys(xapian_term_iter **out, const xapian_database *db, const char *prefix,
                                            size_t len, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_term_iter(deref(db).db.metadata_keys_begin(bytes(prefix, len))); });
}

xapian_status xapian_database_spelling_suggestion(xapian_buffer *out, const xapian_database *db, const char *word,
                                                  size_t len, unsigned max_edit_distance, xapian_error *err)
{
    return string_out(out, err, [&] {
        return deref(db).db.get_spelling_suggestion(bytes(word, len), max_edit_distance ? max_edit_distance : 2);
    });
}

xapian_status xapian_database_spellings(xapian_term_iter **out, const xapian_database *db, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_term_iter(deref(db).db.spellings_begin()); });
}

xapian_status xapian_database_synonyms(xapian_term_iter **out, const xapian_database *db, const char *term, size_t len,
                                       xapian_error *err)
{
    return create(out, err, [&] { return new xapian_term_iter(deref(db).db.synonyms_begin(bytes(term, len))); });
}

xapian_status xapian_database_synonym_keys(xapian_term_iter **out, const xapian_database *db, const char *prefix,
                                           size_t len, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_term_iter(deref(db).db.synonym_keys_begin(bytes(prefix, len))); });
}

/* ---- Database: writing ----------------------------------------------------------------------- */

namespace
{

/* Opens for writing, patiently: see xapian_writable_open. */
Xapian::WritableDatabase open_when_unlocked(const std::string &path, int flags, int block_size, int lock_timeout_ms)
{
    using clock = std::chrono::steady_clock;
    const auto deadline = clock::now() + std::chrono::milliseconds(std::max(lock_timeout_ms, 0));
    auto pause = std::chrono::milliseconds(5);
    for (;;) {
        try {
            return Xapian::WritableDatabase(path, flags, block_size);
        } catch (const Xapian::DatabaseLockError &e) {
            const auto now = clock::now();
            if (now >= deadline) {
                throw Xapian::DatabaseLockError(lock_timeout_ms > 0 ? e.get_msg() + " (tried for " +
                                                                          std::to_string(lock_timeout_ms) + " ms)"
                                                                    : e.get_msg(),
                                                path);
            }
            std::this_thread::sleep_for(std::min<clock::duration>(pause, deadline - now));
            pause = std::min(pause * 2, std::chrono::milliseconds(50));
        }
    }
}

xapian_writable *wrap_writable(Xapian::WritableDatabase db)
{
    auto result = std::make_unique<xapian_writable>();
    result->db = std::move(db);
    result->view.db = result->db;
    result->view.is_view = true;
    return result.release();
}

} // namespace

xapian_status xapian_writable_open(xapian_writable **out, const char *path, int flags, int block_size,
                                   int lock_timeout_ms, xapian_error *err)
{
    return create(out, err, [&] {
        const int wait = lock_timeout_ms < 0 ? Xapian::DB_RETRY_LOCK : 0;
        const bool pathless = (flags & XAPIAN_DB_INMEMORY) != 0;
        return wrap_writable(
            open_when_unlocked(pathless ? std::string() : text(path), flags | wait, block_size, lock_timeout_ms));
    });
}

xapian_status xapian_writable_open_remote(xapian_writable **out, const char *host, uint16_t port, uint32_t timeout_ms,
                                          uint32_t connect_timeout_ms, xapian_error *err)
{
    return create(out, err, [&] {
        return wrap_writable(Xapian::Remote::open_writable(text(host), port, timeout_ms,
                                                           connect_timeout_ms ? connect_timeout_ms : 10000));
    });
}

xapian_status xapian_writable_close(xapian_writable *db, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.close(); });
}

void xapian_writable_free(xapian_writable *db)
{
    delete db;
}

xapian_database *xapian_writable_database(xapian_writable *db)
{
    return db ? &db->view : nullptr;
}

xapian_status xapian_writable_commit(xapian_writable *db, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.commit(); });
}

xapian_status xapian_writable_begin(xapian_writable *db, bool flushed, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.begin_transaction(flushed); });
}

xapian_status xapian_writable_commit_transaction(xapian_writable *db, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.commit_transaction(); });
}

xapian_status xapian_writable_cancel_transaction(xapian_writable *db, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.cancel_transaction(); });
}

xapian_status xapian_writable_add_document(xapian_docid *docid, xapian_writable *db, const xapian_document *doc,
                                           xapian_error *err)
{
    return number(docid, err, [&] { return deref(db).db.add_document(deref(doc).doc); });
}

xapian_status xapian_writable_replace_document(xapian_writable *db, xapian_docid docid, const xapian_document *doc,
                                               xapian_error *err)
{
    return guard(err, [&] { deref(db).db.replace_document(docid, deref(doc).doc); });
}

xapian_status xapian_writable_replace_term(xapian_docid *docid, xapian_writable *db, const char *term, size_t len,
                                           const xapian_document *doc, xapian_error *err)
{
    if (docid)
        *docid = 0;
    return guard(err, [&] {
        Xapian::docid where = deref(db).db.replace_document(bytes(term, len), deref(doc).doc);
        if (docid)
            *docid = where;
    });
}

xapian_status xapian_writable_delete_document(xapian_writable *db, xapian_docid docid, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.delete_document(docid); });
}

xapian_status xapian_writable_delete_term(xapian_writable *db, const char *term, size_t len, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.delete_document(bytes(term, len)); });
}

xapian_status xapian_writable_set_metadata(xapian_writable *db, const char *key, size_t key_len, const char *value,
                                           size_t value_len, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.set_metadata(bytes(key, key_len), bytes(value, value_len)); });
}

xapian_status xapian_writable_add_spelling(xapian_writable *db, const char *word, size_t len,
                                           xapian_termcount increment, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.add_spelling(bytes(word, len), increment); });
}

xapian_status xapian_writable_remove_spelling(xapian_writable *db, const char *word, size_t len,
                                              xapian_termcount decrement, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.remove_spelling(bytes(word, len), decrement); });
}

xapian_status xapian_writable_add_synonym(xapian_writable *db, const char *term, size_t term_len, const char *synonym,
                                          size_t synonym_len, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.add_synonym(bytes(term, term_len), bytes(synonym, synonym_len)); });
}

xapian_status xapian_writable_remove_synonym(xapian_writable *db, const char *term, size_t term_len,
                                             const char *synonym, size_t synonym_len, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.remove_synonym(bytes(term, term_len), bytes(synonym, synonym_len)); });
}

xapian_status xapian_writable_clear_synonyms(xapian_writable *db, const char *term, size_t len, xapian_error *err)
{
    return guard(err, [&] { deref(db).db.clear_synonyms(bytes(term, len)); });
}

/* ---- Compact and check ----------------------------------------------------------------------- */

xapian_status xapian_compact(const char *const *paths, size_t n, const char *destination, unsigned flags,
                             int block_size, xapian_error *err)
{
    return guard(err, [&] {
        Xapian::Database sources;
        for (size_t i = 0; i < n; ++i)
            sources.add_database(Xapian::Database(text((&deref(paths))[i])));
        sources.compact(text(destination), flags, block_size);
    });
}

xapian_status xapian_check(size_t *errors, xapian_buffer *report, const char *path, int flags, xapian_error *err)
{
    if (errors)
        *errors = 0;
    if (report)
        report->len = 0;
    return guard(err, [&] {
        std::ostringstream out;
        size_t found = Xapian::Database::check(text(path), flags, report ? &out : nullptr);
        if (report)
            put(report, out.str());
        deref(errors) = found;
    });
}

/* ---- Document -------------------------------------------------------------------------------- */

xapian_status xapian_document_create(xapian_document **out, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_document(); });
}

void xapian_document_free(xapian_document *doc)
{
    delete doc;
}

xapian_status xapian_document_clear(xapian_document *doc, xapian_error *err)
{
    return guard(err, [&] {
        deref(doc).doc.clear_terms();
        doc->doc.clear_values();
        doc->doc.set_data(std::string());
    });
}

xapian_status xapian_document_docid(xapian_docid *out, const xapian_document *doc, xapian_error *err)
{
    return number(out, err, [&] { return deref(doc).doc.get_docid(); });
}

xapian_status xapian_document_data(xapian_buffer *out, const xapian_document *doc, xapian_error *err)
{
    return string_out(out, err, [&] { return deref(doc).doc.get_data(); });
}

xapian_status xapian_document_set_data(xapian_document *doc, const char *data, size_t len, xapian_error *err)
{
    return guard(err, [&] { deref(doc).doc.set_data(bytes(data, len)); });
}

xapian_status xapian_document_add_term(xapian_document *doc, const char *term, size_t len, xapian_termcount wdf_inc,
                                       xapian_error *err)
{
    return guard(err, [&] { deref(doc).doc.add_term(bytes(term, len), wdf_inc); });
}

xapian_status xapian_document_add_boolean_term(xapian_document *doc, const char *term, size_t len, xapian_error *err)
{
    return guard(err, [&] { deref(doc).doc.add_boolean_term(bytes(term, len)); });
}

xapian_status xapian_document_add_posting(xapian_document *doc, const char *term, size_t len, xapian_termpos pos,
                                          xapian_termcount wdf_inc, xapian_error *err)
{
    return guard(err, [&] { deref(doc).doc.add_posting(bytes(term, len), pos, wdf_inc); });
}

xapian_status xapian_document_remove_term(xapian_document *doc, const char *term, size_t len, xapian_error *err)
{
    return guard(err, [&] { deref(doc).doc.remove_term(bytes(term, len)); });
}

xapian_status xapian_document_remove_posting(xapian_document *doc, const char *term, size_t len, xapian_termpos pos,
                                             xapian_termcount wdf_dec, xapian_error *err)
{
    return guard(err, [&] { deref(doc).doc.remove_posting(bytes(term, len), pos, wdf_dec); });
}

xapian_status xapian_document_term_count(xapian_termcount *out, const xapian_document *doc, xapian_error *err)
{
    return number(out, err, [&] { return deref(doc).doc.termlist_count(); });
}

xapian_status xapian_document_termlist(xapian_term_iter **out, const xapian_document *doc, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_term_iter(deref(doc).doc.termlist_begin()); });
}

xapian_status xapian_document_set_value(xapian_document *doc, xapian_valueno slot, const char *value, size_t len,
                                        xapian_error *err)
{
    return guard(err, [&] { deref(doc).doc.add_value(slot, bytes(value, len)); });
}

xapian_status xapian_document_value(xapian_buffer *out, const xapian_document *doc, xapian_valueno slot,
                                    xapian_error *err)
{
    return string_out(out, err, [&] { return deref(doc).doc.get_value(slot); });
}

xapian_status xapian_document_remove_value(xapian_document *doc, xapian_valueno slot, xapian_error *err)
{
    return guard(err, [&] { deref(doc).doc.remove_value(slot); });
}

xapian_status xapian_document_values(xapian_value_iter **out, const xapian_document *doc, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_value_iter(deref(doc).doc.values_begin(), true); });
}

/* ---- Stemming -------------------------------------------------------------------------------- */

xapian_status xapian_stem_create(xapian_stem **out, const char *language, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_stem{ Xapian::Stem(text(language)), std::string() }; });
}

void xapian_stem_free(xapian_stem *stem)
{
    delete stem;
}

xapian_status xapian_stem_apply(char *out, size_t capacity, size_t *len, xapian_stem *stem, const char *word,
                                size_t word_len, xapian_error *err)
{
    if (len)
        *len = 0;
    return guard(err, [&] {
        deref(stem).word.assign(word_len ? &deref(word) : "", word_len);
        const std::string stemmed = stem->stem(stem->word);
        deref(len) = stemmed.size();
        if (stemmed.size() > capacity)
            throw Xapian::RangeError("the stem needs " + std::to_string(stemmed.size()) + " bytes, there are " +
                                     std::to_string(capacity));
        if (!stemmed.empty())
            std::memcpy(&deref(out), stemmed.data(), stemmed.size());
    });
}

xapian_status xapian_stem_languages(xapian_buffer *out, xapian_error *err)
{
    return string_out(out, err, [&] { return Xapian::Stem::get_available_languages(); });
}

/* ---- Queries --------------------------------------------------------------------------------- */

namespace
{

/* Only what xapian_c.h names: other values of Xapian's own are no operators of children. */
Xapian::Query::op to_op(xapian_op op)
{
    switch (op) {
    case XAPIAN_OP_AND:
    case XAPIAN_OP_OR:
    case XAPIAN_OP_AND_NOT:
    case XAPIAN_OP_XOR:
    case XAPIAN_OP_AND_MAYBE:
    case XAPIAN_OP_FILTER:
    case XAPIAN_OP_NEAR:
    case XAPIAN_OP_PHRASE:
    case XAPIAN_OP_ELITE_SET:
    case XAPIAN_OP_SYNONYM:
    case XAPIAN_OP_MAX:
        return static_cast<Xapian::Query::op>(op);
    }
    throw Xapian::InvalidArgumentError("no such query operator");
}

} // namespace

void xapian_query_free(xapian_query *query)
{
    delete query;
}

xapian_status xapian_query_term(xapian_query **out, const char *term, size_t len, xapian_termcount wqf,
                                xapian_termpos pos, xapian_error *err)
{
    return create(out, err, [&] {
        if (len == 0)
            throw Xapian::InvalidArgumentError("an empty term; see xapian_query_match_all");
        return new xapian_query{ Xapian::Query(bytes(term, len), wqf, pos) };
    });
}

xapian_status xapian_query_match_all(xapian_query **out, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_query{ Xapian::Query(std::string()) }; });
}

xapian_status xapian_query_match_nothing(xapian_query **out, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_query{ Xapian::Query() }; });
}

xapian_status xapian_query_combine(xapian_query **out, xapian_op op, const xapian_query *const *children, size_t n,
                                   xapian_termcount parameter, xapian_error *err)
{
    return create(out, err, [&] {
        std::vector<Xapian::Query> parts;
        parts.reserve(n);
        for (size_t i = 0; i < n; ++i)
            parts.push_back(deref((&deref(children))[i]).query);
        return new xapian_query{ Xapian::Query(to_op(op), parts.begin(), parts.end(), parameter) };
    });
}

xapian_status xapian_query_scale(xapian_query **out, const xapian_query *query, double factor, xapian_error *err)
{
    return create(out, err, [&] {
        return new xapian_query{ Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, deref(query).query, factor) };
    });
}

xapian_status xapian_query_value_range(xapian_query **out, xapian_valueno slot, const char *low, size_t low_len,
                                       const char *high, size_t high_len, xapian_error *err)
{
    return create(out, err, [&] {
        return new xapian_query{ Xapian::Query(Xapian::Query::OP_VALUE_RANGE, slot, bytes(low, low_len),
                                               bytes(high, high_len)) };
    });
}

xapian_status xapian_query_value_ge(xapian_query **out, xapian_valueno slot, const char *low, size_t len,
                                    xapian_error *err)
{
    return create(out, err,
                  [&] { return new xapian_query{ Xapian::Query(Xapian::Query::OP_VALUE_GE, slot, bytes(low, len)) }; });
}

xapian_status xapian_query_value_le(xapian_query **out, xapian_valueno slot, const char *high, size_t len,
                                    xapian_error *err)
{
    return create(out, err, [&] {
        return new xapian_query{ Xapian::Query(Xapian::Query::OP_VALUE_LE, slot, bytes(high, len)) };
    });
}

xapian_status xapian_query_wildcard(xapian_query **out, const char *prefix, size_t len, xapian_termcount max_expansion,
                                    xapian_wildcard_limit limit, xapian_op combiner, xapian_error *err)
{
    return create(out, err, [&] {
        if (limit < XAPIAN_WILDCARD_ERROR || limit > XAPIAN_WILDCARD_MOST_FREQUENT)
            throw Xapian::InvalidArgumentError("no such wildcard limit");
        return new xapian_query{ Xapian::Query(Xapian::Query::OP_WILDCARD, bytes(prefix, len), max_expansion,
                                               static_cast<int>(limit), to_op(combiner)) };
    });
}

xapian_status xapian_query_serialise(xapian_buffer *out, const xapian_query *query, xapian_error *err)
{
    return string_out(out, err, [&] { return deref(query).query.serialise(); });
}

xapian_status xapian_query_unserialise(xapian_query **out, const char *data, size_t len, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_query{ Xapian::Query::unserialise(bytes(data, len)) }; });
}

xapian_status xapian_query_describe(xapian_buffer *out, const xapian_query *query, xapian_error *err)
{
    return string_out(out, err, [&] { return deref(query).query.get_description(); });
}

bool xapian_query_is_empty(const xapian_query *query)
{
    return !query || query->query.empty();
}

xapian_status xapian_query_terms(xapian_term_iter **out, const xapian_query *query, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_term_iter(deref(query).query.get_unique_terms_begin()); });
}

/* ---- Posting sources ------------------------------------------------------------------------- */

namespace
{

/* The database of the match that runs on this thread, so that a source can tell which part of it a
   shard is. Xapian 1.4 does not say; 2.x does. */
thread_local const Xapian::Database *matching = nullptr;

struct MatchingDatabase {
    const Xapian::Database *outer = matching;
    explicit MatchingDatabase(const Xapian::Database &db)
    {
        matching = &db;
    }
    ~MatchingDatabase()
    {
        matching = outer;
    }
    MatchingDatabase(const MatchingDatabase &) = delete;
    MatchingDatabase &operator=(const MatchingDatabase &) = delete;
};

class CallbackSource final : public Xapian::PostingSource
{
    xapian_posting_source calls;
    void *ctx;
    bool owns_ctx;
    bool ended = false;       // what at_end says; `at.docid` may mean nothing after a check that missed
    Xapian::docid passed = 0; // the source is somewhere beyond this
    xapian_source_bounds bounds = {};
    xapian_posting at = {};
    mutable xapian_error said = XAPIAN_ERROR_INIT;

    /* The rare outcomes of a move. */
    void heed(xapian_status status, const char *what)
    {
        check_callback(status, said, what);
        if (status == XAPIAN_C_END)
            at.docid = 0;
    }

    /* Takes over where a move led: to `least` or beyond, or to the end. */
    void settle(Xapian::docid least)
    {
        ended = at.docid == 0;
        if (!ended) {
            if (at.docid < least)
                check_callback(XAPIAN_C_CALLBACK, XAPIAN_ERROR_INIT, "a posting source that went backwards");
            passed = at.docid;
        }
        lower_max_weight();
    }

    void lower_max_weight()
    {
        if (at.max_weight < get_maxweight())
            set_maxweight(at.max_weight);
    }

    void start(const Xapian::Database &db, size_t shard)
    {
        xapian_database view{ db };
        xapian_source_shard here = { shard, matching ? matching->size() : 0, db.get_doccount(), db.get_lastdocid(),
                                     &view };
        bounds = { 0, here.doccount / 2, here.doccount, 0.0 };
        said = XAPIAN_ERROR_INIT;
        ended = false;
        passed = 0;
        check_callback(calls.init(ctx, &here, &bounds, &said), said, "posting source init");
        if (bounds.termfreq_min > bounds.termfreq_max)
            check_callback(XAPIAN_C_CALLBACK, XAPIAN_ERROR_INIT, "a posting source with termfreq_min > max");
        bounds.termfreq_est = std::clamp(bounds.termfreq_est, bounds.termfreq_min, bounds.termfreq_max);
        at = { 0, 0.0, bounds.max_weight };
        set_maxweight(bounds.max_weight);
    }

  public:
    CallbackSource(const xapian_posting_source &calls_, void *ctx_, bool owns_ctx_)
        : calls(calls_), ctx(ctx_), owns_ctx(owns_ctx_)
    {
    }

    ~CallbackSource() override
    {
        if (owns_ctx && calls.destroy)
            calls.destroy(ctx);
    }

    void own_ctx()
    {
        owns_ctx = true;
    }

    Xapian::doccount get_termfreq_min() const override
    {
        return bounds.termfreq_min;
    }
    Xapian::doccount get_termfreq_est() const override
    {
        return bounds.termfreq_est;
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return bounds.termfreq_max;
    }
    Xapian::docid get_docid() const override
    {
        return at.docid;
    }
    bool at_end() const override
    {
        return ended;
    }

    double get_weight() const override
    {
        if (!calls.weight)
            return at.weight;
        double weight = 0.0;
        check_callback(calls.weight(ctx, &weight, &said), said, "posting source weight");
        return weight;
    }

    void next(double min_weight) override
    {
        xapian_status status = calls.next(ctx, min_weight, &at, &said);
        if (status != XAPIAN_C_OK)
            heed(status, "posting source next");
        settle(passed + 1);
    }

    void skip_to(Xapian::docid docid, double min_weight) override
    {
        xapian_status status = calls.skip_to(ctx, docid, min_weight, &at, &said);
        if (status != XAPIAN_C_OK)
            heed(status, "posting source skip_to");
        settle(docid);
    }

    bool check(Xapian::docid docid, double min_weight) override
    {
        if (!calls.check) {
            skip_to(docid, min_weight);
            return true;
        }
        bool valid = true;
        xapian_status status = calls.check(ctx, docid, min_weight, &valid, &at, &said);
        if (status != XAPIAN_C_OK)
            heed(status, "posting source check");
        if (valid) {
            settle(docid);
        } else {
            passed = docid;
            lower_max_weight();
        }
        return valid;
    }

    Xapian::PostingSource *clone() const override
    {
        if (!calls.clone)
            return nullptr;
        // Room first, so that a copied ctx always finds an owner.
        auto copy = std::make_unique<CallbackSource>(calls, nullptr, false);
        said = XAPIAN_ERROR_INIT;
        check_callback(calls.clone(ctx, &copy->ctx, &said), said, "posting source clone");
        copy->own_ctx();
        return copy.release();
    }

#if XAPIAN_AT_LEAST(1, 5, 0)
    void reset(const Xapian::Database &db, Xapian::doccount shard_index) override
    {
        start(db, shard_index);
    }
#else
    void init(const Xapian::Database &db) override
    {
        size_t shard = SIZE_MAX;
        for (size_t i = 0; matching && i < matching->internal.size(); ++i) {
            if (db.internal.size() == 1 && matching->internal[i].get() == db.internal[0].get()) {
                shard = i;
                break;
            }
        }
        start(db, shard);
    }
#endif

    std::string get_description() const override
    {
        char description[256] = "";
        if (calls.describe)
            calls.describe(ctx, description, sizeof description);
        description[sizeof description - 1] = '\0';
        return description[0] ? description : "CallbackSource";
    }
};

} // namespace

xapian_status xapian_query_posting_source(xapian_query **out, const xapian_posting_source *source, void *ctx,
                                          xapian_error *err)
{
    return create(out, err, [&] {
        xapian_posting_source calls = {};
        std::memcpy(&calls, source, std::min(deref(source).size, sizeof calls));
        if (!calls.init || !calls.next || !calls.skip_to)
            throw Xapian::InvalidArgumentError("a posting source needs init, next and skip_to");
        auto made = std::make_unique<CallbackSource>(calls, ctx, false);
        auto result = std::make_unique<xapian_query>();
        result->query = Xapian::Query(made->release());
        made.release()->own_ctx(); // belongs to the query now, and so does ctx
        return result.release();
    });
}

/* ---- Callbacks of a match -------------------------------------------------------------------- */

namespace
{

class CallbackDecider final : public Xapian::MatchDecider
{
    const xapian_decider &decider;

  public:
    explicit CallbackDecider(const xapian_decider &decider_) : decider(decider_)
    {
        deref(decider.accept);
    }

    bool operator()(const Xapian::Document &doc) const override
    {
        bool accepted = false;
        xapian_error said = XAPIAN_ERROR_INIT;
        xapian_document view{ doc };
        check_callback(decider.accept(&accepted, decider.ctx, &view, &said), said, "match decider");
        return accepted;
    }
};

class CallbackSpy final : public Xapian::MatchSpy
{
    xapian_status (*see)(void *, const xapian_document *, double, xapian_error *);
    void *ctx;

  public:
    CallbackSpy(xapian_status (*see_)(void *, const xapian_document *, double, xapian_error *), void *ctx_)
        : see(&deref(see_)), ctx(ctx_)
    {
    }

    void operator()(const Xapian::Document &doc, double weight) override
    {
        xapian_error said = XAPIAN_ERROR_INIT;
        xapian_document view{ doc };
        check_callback(see(ctx, &view, weight, &said), said, "match spy");
    }
};

class CallbackExpandDecider final : public Xapian::ExpandDecider
{
    const xapian_eset_options &options;
    const std::string prefix;

  public:
    explicit CallbackExpandDecider(const xapian_eset_options &options_)
        : options(options_), prefix(bytes(options_.prefix, options_.prefix_len))
    {
    }

    bool operator()(const std::string &term) const override
    {
        if (term.compare(0, prefix.size(), prefix) != 0)
            return false;
        if (!options.accept)
            return true;
        bool accepted = false;
        xapian_error said = XAPIAN_ERROR_INIT;
        check_callback(options.accept(&accepted, options.ctx, term.data(), term.size(), &said), said, "expand decider");
        return accepted;
    }
};

} // namespace

/* ---- Matching -------------------------------------------------------------------------------- */

xapian_status xapian_enquire_create(xapian_enquire **out, const xapian_database *db, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_enquire(deref(db).db); });
}

void xapian_enquire_free(xapian_enquire *enquire)
{
    delete enquire;
}

xapian_status xapian_enquire_set_query(xapian_enquire *enquire, const xapian_query *query,
                                       xapian_termcount query_length, xapian_error *err)
{
    return guard(err, [&] { deref(enquire).enquire.set_query(deref(query).query, query_length); });
}

xapian_status xapian_enquire_set_weighting(xapian_enquire *enquire, const xapian_weighting *weighting,
                                           xapian_error *err)
{
    return guard(err, [&] {
        const xapian_weighting &w = deref(weighting);
        const auto use = [&](const Xapian::Weight &weight) { deref(enquire).enquire.set_weighting_scheme(weight); };
        switch (w.scheme) {
        case XAPIAN_SCHEME_BM25:
            return use(Xapian::BM25Weight(w.k1, w.k2, w.k3, w.b, w.min_normlen));
        case XAPIAN_SCHEME_BOOL:
            return use(Xapian::BoolWeight());
        case XAPIAN_SCHEME_COORD:
            return use(Xapian::CoordWeight());
        case XAPIAN_SCHEME_TRAD:
            return use(Xapian::BM25Weight(w.k1, 0, 0, 1, 0)); // what TradWeight is
        case XAPIAN_SCHEME_BM25PLUS:
            return use(Xapian::BM25PlusWeight(w.k1, w.k2, w.k3, w.b, w.min_normlen, w.delta));
        case XAPIAN_SCHEME_TFIDF:
            return use(Xapian::TfIdfWeight(text(w.normalisations)));
        case XAPIAN_SCHEME_INL2:
            return use(Xapian::InL2Weight(w.c));
        case XAPIAN_SCHEME_IFB2:
            return use(Xapian::IfB2Weight(w.c));
        case XAPIAN_SCHEME_INEB2:
            return use(Xapian::IneB2Weight(w.c));
        case XAPIAN_SCHEME_BB2:
            return use(Xapian::BB2Weight(w.c));
        case XAPIAN_SCHEME_DLH:
            return use(Xapian::DLHWeight());
        case XAPIAN_SCHEME_PL2:
            return use(Xapian::PL2Weight(w.c));
        case XAPIAN_SCHEME_PL2PLUS:
            return use(Xapian::PL2PlusWeight(w.c, w.delta));
        case XAPIAN_SCHEME_DPH:
            return use(Xapian::DPHWeight());
        }
        throw Xapian::InvalidArgumentError("no such weighting scheme");
    });
}

xapian_status xapian_enquire_set_cutoff(xapian_enquire *enquire, int percent, double weight, xapian_error *err)
{
    return guard(err, [&] { deref(enquire).enquire.set_cutoff(percent, weight); });
}

xapian_status xapian_enquire_set_collapse(xapian_enquire *enquire, xapian_valueno slot, xapian_doccount max,
                                          xapian_error *err)
{
    return guard(err, [&] { deref(enquire).enquire.set_collapse_key(slot, max); });
}

xapian_status xapian_enquire_set_sort(xapian_enquire *enquire, xapian_sort sort, xapian_valueno slot, bool reverse,
                                      xapian_error *err)
{
    return guard(err, [&] {
        Xapian::Enquire &e = deref(enquire).enquire;
        switch (sort) {
        case XAPIAN_SORT_RELEVANCE:
            return e.set_sort_by_relevance();
        case XAPIAN_SORT_VALUE:
            return e.set_sort_by_value(slot, reverse);
        case XAPIAN_SORT_VALUE_THEN_RELEVANCE:
            return e.set_sort_by_value_then_relevance(slot, reverse);
        case XAPIAN_SORT_RELEVANCE_THEN_VALUE:
            return e.set_sort_by_relevance_then_value(slot, reverse);
        }
        throw Xapian::InvalidArgumentError("no such way to sort");
    });
}

xapian_status xapian_enquire_set_sort_keys(xapian_enquire *enquire, xapian_sort sort, const xapian_sort_key *keys,
                                           size_t n, xapian_error *err)
{
    return guard(err, [&] {
        Xapian::Enquire &e = deref(enquire).enquire;
        auto maker = std::make_unique<Xapian::MultiValueKeyMaker>();
        for (size_t i = 0; i < n; ++i) {
            const xapian_sort_key &key = (&deref(keys))[i];
            maker->add_value(key.slot, key.reverse, bytes(key.default_value, key.default_len));
        }
        switch (sort) {
        case XAPIAN_SORT_RELEVANCE:
            e.set_sort_by_relevance();
            break;
        case XAPIAN_SORT_VALUE:
            e.set_sort_by_key(maker.get(), false);
            break;
        case XAPIAN_SORT_VALUE_THEN_RELEVANCE:
            e.set_sort_by_key_then_relevance(maker.get(), false);
            break;
        case XAPIAN_SORT_RELEVANCE_THEN_VALUE:
            e.set_sort_by_relevance_then_key(maker.get(), false);
            break;
        default:
            throw Xapian::InvalidArgumentError("no such way to sort");
        }
        enquire->sorter = std::move(maker);
    });
}

xapian_status xapian_enquire_set_docid_order(xapian_enquire *enquire, xapian_docid_order order, xapian_error *err)
{
    return guard(err, [&] {
        if (order != XAPIAN_DOCID_ASCENDING && order != XAPIAN_DOCID_DESCENDING && order != XAPIAN_DOCID_DONT_CARE)
            throw Xapian::InvalidArgumentError("no such docid order");
        deref(enquire).enquire.set_docid_order(static_cast<Xapian::Enquire::docid_order>(order));
    });
}

xapian_status xapian_enquire_set_time_limit(xapian_enquire *enquire, double seconds, xapian_error *err)
{
    return guard(err, [&] { deref(enquire).enquire.set_time_limit(seconds); });
}

xapian_status xapian_enquire_add_spy(xapian_enquire *enquire, const xapian_spy *spy, xapian_error *err)
{
    return guard(err, [&] {
        deref(enquire).spies.push_back(deref(spy).spy);
        enquire->enquire.add_matchspy(spy->spy.get());
    });
}

xapian_status xapian_enquire_clear_spies(xapian_enquire *enquire, xapian_error *err)
{
    return guard(err, [&] {
        deref(enquire).enquire.clear_matchspies();
        enquire->spies.clear();
    });
}

xapian_status xapian_enquire_get_mset(xapian_mset **out, xapian_enquire *enquire, const xapian_match_options *options,
                                      xapian_error *err)
{
    return create(out, err, [&] {
        const xapian_match_options standard = XAPIAN_MATCH_OPTIONS_INIT;
        const xapian_match_options &o = options ? *options : standard;
        const MatchingDatabase here(deref(enquire).db);
        std::unique_ptr<CallbackDecider> decider;
        if (o.decider)
            decider = std::make_unique<CallbackDecider>(*o.decider);
        auto result = std::make_unique<xapian_mset>();
        result->mset = enquire->enquire.get_mset(o.first, o.max, o.check_at_least, o.rset ? &o.rset->rset : nullptr,
                                                 decider.get());
        return result.release();
    });
}

xapian_status xapian_enquire_matching_terms(xapian_term_iter **out, const xapian_enquire *enquire, xapian_docid docid,
                                            xapian_error *err)
{
    return create(out, err,
                  [&] { return new xapian_term_iter(deref(enquire).enquire.get_matching_terms_begin(docid)); });
}

/* ---- Hits ------------------------------------------------------------------------------------ */

namespace
{

Xapian::MSetIterator hit_at(const xapian_mset *mset, size_t i)
{
    const Xapian::MSet &m = deref(mset).mset;
    if (i >= m.size())
        throw Xapian::RangeError("hit " + std::to_string(i) + " of " + std::to_string(m.size()));
    return m[static_cast<Xapian::doccount>(i)];
}

} // namespace

void xapian_mset_free(xapian_mset *mset)
{
    delete mset;
}

size_t xapian_mset_size(const xapian_mset *mset)
{
    return mset ? mset->mset.size() : 0;
}

xapian_status xapian_mset_count(xapian_mset_counts *out, const xapian_mset *mset, xapian_error *err)
{
    return number(out, err, [&] {
        const Xapian::MSet &m = deref(mset).mset;
        return xapian_mset_counts{ m.get_matches_lower_bound(),
                                   m.get_matches_estimated(),
                                   m.get_matches_upper_bound(),
                                   m.get_uncollapsed_matches_lower_bound(),
                                   m.get_uncollapsed_matches_estimated(),
                                   m.get_uncollapsed_matches_upper_bound(),
                                   m.get_max_possible(),
                                   m.get_max_attained() };
    });
}

xapian_status xapian_mset_hit(xapian_hit *out, const xapian_mset *mset, size_t i, xapian_error *err)
{
    return number(out, err, [&] {
        const Xapian::MSetIterator hit = hit_at(mset, i);
        const double weight = hit.get_weight();
        return xapian_hit{ *hit, weight, mset->mset.convert_to_percent(weight), hit.get_rank(),
                           hit.get_collapse_count() };
    });
}

xapian_status xapian_mset_collapse_key(xapian_buffer *out, const xapian_mset *mset, size_t i, xapian_error *err)
{
    return string_out(out, err, [&] { return hit_at(mset, i).get_collapse_key(); });
}

xapian_status xapian_mset_sort_key(xapian_buffer *out, const xapian_mset *mset, size_t i, xapian_error *err)
{
    return string_out(out, err, [&] { return hit_at(mset, i).get_sort_key(); });
}

xapian_status xapian_mset_document(xapian_document **out, const xapian_mset *mset, size_t i, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_document{ hit_at(mset, i).get_document() }; });
}

xapian_status xapian_mset_fetch(const xapian_mset *mset, xapian_error *err)
{
    return guard(err, [&] {
        // Xapian 1.4 looks in the wrong place, even outside the array, unless the results start at 0.
        if (XAPIAN_AT_LEAST(2, 0, 0) || deref(mset).mset.get_firstitem() == 0)
            deref(mset).mset.fetch();
    });
}

xapian_status xapian_mset_termfreq(xapian_doccount *out, const xapian_mset *mset, const char *term, size_t len,
                                   xapian_error *err)
{
    return number(out, err, [&] { return deref(mset).mset.get_termfreq(bytes(term, len)); });
}

xapian_status xapian_mset_termweight(double *out, const xapian_mset *mset, const char *term, size_t len,
                                     xapian_error *err)
{
    return number(out, err, [&] { return deref(mset).mset.get_termweight(bytes(term, len)); });
}

xapian_status xapian_mset_snippet(xapian_buffer *out, const xapian_mset *mset, const char *text_, size_t len,
                                  const xapian_snippet_options *options, xapian_error *err)
{
    return string_out(out, err, [&] {
        const xapian_snippet_options standard = XAPIAN_SNIPPET_OPTIONS_INIT;
        const xapian_snippet_options &o = options ? *options : standard;
        return deref(mset).mset.snippet(bytes(text_, len), o.length_bytes, o.stem ? o.stem->stem : Xapian::Stem(),
                                        o.flags, text(o.highlight_start), text(o.highlight_end), text(o.omit));
    });
}

/* ---- Relevance sets and expansion ------------------------------------------------------------ */

xapian_status xapian_rset_create(xapian_rset **out, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_rset(); });
}

void xapian_rset_free(xapian_rset *rset)
{
    delete rset;
}

xapian_status xapian_rset_add(xapian_rset *rset, xapian_docid docid, xapian_error *err)
{
    return guard(err, [&] { deref(rset).rset.add_document(docid); });
}

xapian_status xapian_rset_remove(xapian_rset *rset, xapian_docid docid, xapian_error *err)
{
    return guard(err, [&] { deref(rset).rset.remove_document(docid); });
}

bool xapian_rset_contains(const xapian_rset *rset, xapian_docid docid)
{
    return rset && rset->rset.contains(docid);
}

size_t xapian_rset_size(const xapian_rset *rset)
{
    return rset ? rset->rset.size() : 0;
}

xapian_status xapian_enquire_get_eset(xapian_eset **out, xapian_enquire *enquire, const xapian_rset *rset,
                                      const xapian_eset_options *options, xapian_error *err)
{
    return create(out, err, [&] {
        const xapian_eset_options standard = XAPIAN_ESET_OPTIONS_INIT;
        const xapian_eset_options &o = options ? *options : standard;
        Xapian::Enquire &e = deref(enquire).enquire;
        const CallbackExpandDecider decider(o);
        e.set_expansion_scheme(text(o.scheme), o.k);
        return new xapian_eset{ e.get_eset(o.max, deref(rset).rset, o.flags,
                                           o.accept || o.prefix_len ? &decider : nullptr, o.min_weight) };
    });
}

void xapian_eset_free(xapian_eset *eset)
{
    delete eset;
}

size_t xapian_eset_size(const xapian_eset *eset)
{
    return eset ? eset->eset.size() : 0;
}

xapian_status xapian_eset_term(xapian_buffer *out, double *weight, const xapian_eset *eset, size_t i, xapian_error *err)
{
    if (weight)
        *weight = 0.0;
    return string_out(out, err, [&] {
        const Xapian::ESet &e = deref(eset).eset;
        if (i >= e.size())
            throw Xapian::RangeError("term " + std::to_string(i) + " of " + std::to_string(e.size()));
        const Xapian::ESetIterator it = e[static_cast<Xapian::doccount>(i)];
        if (weight)
            *weight = it.get_weight();
        return *it;
    });
}

/* ---- Match spies ----------------------------------------------------------------------------- */

namespace
{

const Xapian::ValueCountMatchSpy &counts_of(const xapian_spy *spy)
{
    if (!deref(spy).counts)
        throw Xapian::InvalidOperationError("this spy does not count values");
    return *spy->counts;
}

} // namespace

xapian_status xapian_spy_value_count(xapian_spy **out, xapian_valueno slot, xapian_error *err)
{
    return create(out, err, [&] {
        auto counts = std::make_shared<Xapian::ValueCountMatchSpy>(slot);
        return new xapian_spy{ counts, counts.get() };
    });
}

xapian_status xapian_spy_callback(xapian_spy **out,
                                  xapian_status (*see)(void *ctx, const xapian_document *doc, double weight,
                                                       xapian_error *err),
                                  void *ctx, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_spy{ std::make_shared<CallbackSpy>(see, ctx) }; });
}

void xapian_spy_free(xapian_spy *spy)
{
    delete spy;
}

xapian_status xapian_spy_total(size_t *out, const xapian_spy *spy, xapian_error *err)
{
    return number(out, err, [&] { return counts_of(spy).get_total(); });
}

xapian_status xapian_spy_values(xapian_term_iter **out, const xapian_spy *spy, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_term_iter(counts_of(spy).values_begin()); });
}

xapian_status xapian_spy_top_values(xapian_term_iter **out, const xapian_spy *spy, size_t max, xapian_error *err)
{
    return create(out, err, [&] { return new xapian_term_iter(counts_of(spy).top_values_begin(max)); });
}

/* ---- Xapian's own text indexing and query language ------------------------------------------- */

xapian_status xapian_termgen_create(xapian_termgen **out, const xapian_stem *stem, xapian_error *err)
{
    return create(out, err, [&] {
        auto result = std::make_unique<xapian_termgen>();
        if (stem)
            result->generator.set_stemmer(stem->stem);
        return result.release();
    });
}

void xapian_termgen_free(xapian_termgen *termgen)
{
    delete termgen;
}

xapian_status xapian_termgen_set_document(xapian_termgen *termgen, const xapian_document *doc, xapian_error *err)
{
    return guard(err, [&] { deref(termgen).generator.set_document(deref(doc).doc); });
}

xapian_status xapian_termgen_set_spelling(xapian_termgen *termgen, const xapian_writable *db, xapian_error *err)
{
    return guard(err, [&] {
        Xapian::TermGenerator &generator = deref(termgen).generator;
        generator.set_database(db ? db->db : Xapian::WritableDatabase());
        generator.set_flags(db ? Xapian::TermGenerator::FLAG_SPELLING : 0, ~Xapian::TermGenerator::FLAG_SPELLING);
    });
}

xapian_status xapian_termgen_index_text(xapian_termgen *termgen, const char *text_, size_t len,
                                        xapian_termcount wdf_inc, const char *prefix, size_t prefix_len, bool positions,
                                        xapian_error *err)
{
    return guard(err, [&] {
        Xapian::TermGenerator &generator = deref(termgen).generator;
        const Xapian::Utf8Iterator words(len ? &deref(text_) : "", len);
        if (positions)
            generator.index_text(words, wdf_inc, bytes(prefix, prefix_len));
        else
            generator.index_text_without_positions(words, wdf_inc, bytes(prefix, prefix_len));
    });
}

xapian_status xapian_termgen_increase_termpos(xapian_termgen *termgen, xapian_termpos gap, xapian_error *err)
{
    return guard(err, [&] { deref(termgen).generator.increase_termpos(gap); });
}

xapian_status xapian_termgen_termpos(xapian_termpos *out, const xapian_termgen *termgen, xapian_error *err)
{
    return number(out, err, [&] { return deref(termgen).generator.get_termpos(); });
}

xapian_status xapian_query_parse(xapian_query **out, xapian_buffer *corrected, const char *text_, size_t len,
                                 const xapian_parse_options *options, xapian_error *err)
{
    if (corrected)
        corrected->len = 0;
    return create(out, err, [&] {
        const xapian_parse_options standard = XAPIAN_PARSE_OPTIONS_INIT;
        const xapian_parse_options &o = options ? *options : standard;
        Xapian::QueryParser parser;
        if (o.stem) {
            parser.set_stemmer(o.stem->stem);
            parser.set_stemming_strategy(Xapian::QueryParser::STEM_SOME);
        }
        if (o.db)
            parser.set_database(o.db->db);
        parser.set_default_op(to_op(o.default_op));
        parser.set_max_expansion(o.max_expansion);
        for (size_t i = 0; i < o.prefix_count; ++i) {
            const xapian_parse_prefix &p = (&deref(o.prefixes))[i];
            if (p.boolean)
                parser.add_boolean_prefix(text(p.field), text(p.prefix));
            else
                parser.add_prefix(text(p.field), text(p.prefix));
        }
        auto result = std::make_unique<xapian_query>();
        result->query =
            parser.parse_query(bytes(text_, len), o.flags, o.default_prefix ? text(o.default_prefix) : std::string());
        if (corrected)
            put(corrected, parser.get_corrected_query_string());
        return result.release();
    });
}
