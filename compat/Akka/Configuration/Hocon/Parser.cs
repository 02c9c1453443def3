namespace Akka.Configuration.Hocon;

/// <summary>
/// Reads HOCON text into a tree.
/// <code>
/// text    = [ "{" ] members [ "}" ]
/// members = { include "name" | path ( "=" | ":" ) value | path "{" members "}" }
/// path    = key { "." key }
/// value   = piece { spaces piece } [ "," ]          pieces on one line are joined
/// piece   = text | "quoted" | """raw""" | "[" { value } "]" | "{" members "}" | "${" path "}"
/// </code>
/// It takes what the real parser takes, with its limits: no optional substitution <c>${?a}</c>, no <c>+=</c>, no comma behind
/// <c>path { }</c>. Where the real one would read on in silence and lose settings, this one says where the text is wrong.
/// </summary>
public class Parser
{
    private readonly HoconReader _reader;
    private readonly Func<string, HoconRoot> _include;
    private readonly SubstitutionList _substitutions = new();

    private Parser(string text, Func<string, HoconRoot> include)
    {
        _reader = new HoconReader(text);
        _include = include;
    }

    /// <summary>Parses a text and resolves its substitutions, in the order of the text.</summary>
    /// <param name="text">HOCON text.</param>
    /// <param name="includeCallback">Answers include statements; null if there are none.</param>
    /// <exception cref="FormatException">The text is not HOCON, or a substitution names a path that the text does not define.</exception>
    /// <exception cref="ConfigurationException">Unquoted text holds '=' or ':'.</exception>
    public static HoconRoot Parse(string text, Func<string, HoconRoot> includeCallback)
        => new Parser(text, includeCallback).ParseText();

    private HoconRoot ParseText()
    {
        var root = new HoconValue([new HoconObject()]);
        _reader.SkipBlank();
        var braced = _reader.Take("{");
        ParseMembers(root, "", braced);
        _reader.SkipBlank();
        if (!_reader.AtEnd)
            throw _reader.Wrong("the text goes on after its end");
        return _substitutions.Resolve(root);
    }

    private void ParseMembers(HoconValue owner, string path, bool braced)
    {
        for (_reader.SkipBlank(); !_reader.AtEnd; _reader.SkipBlank())
        {
            if (braced && _reader.Take("}"))
                return;
            if (_reader.TakeIncludeName(out var name))
                Include(owner, path, name);
            else
                ParseMember(ObjectOf(owner), path);
        }

        if (braced)
            throw _reader.Wrong("a } is missing");
    }

    private void ParseMember(HoconObject parent, string path)
    {
        while (true)
        {
            var key = _reader.TakeKey();
            var value = parent.GetOrCreateKey(key);
            path = path.Length == 0 ? key : $"{path}.{key}";
            _reader.SkipBlank();
            if (_reader.Take("."))
            {
                _reader.SkipBlank();
                parent = ObjectOf(value);
                continue;
            }

            if (_reader.Take("{"))
                ParseObject(value, path);
            else if (key.EndsWith('+') && _reader.At("="))
                throw _reader.Wrong("+= is not supported");
            else if (_reader.Take("=") || _reader.Take(":"))
                ParseAssigned(value, path);
            else
                throw _reader.Wrong($"after the key {key} a = or : or {{ is expected");
            return;
        }
    }

    private void ParseObject(HoconValue owner, string path)
    {
        ObjectOf(owner);
        ParseMembers(owner, path, braced: true);
    }

    private void ParseAssigned(HoconValue value, string path)
    {
        // An object stays, so that another object merges into it; ParseValue replaces it when text follows instead.
        if (!value.IsObject())
            value.Clear();
        ParseValue(value, path);
    }

    private void ParseValue(HoconValue owner, string path)
    {
        _reader.SkipBlank();
        if (_reader.AtEnd)
            throw _reader.Wrong($"the text ends where the value of {path} is expected");

        var spaces = "";
        var hasText = false;
        var hasObject = false;
        while (true)
        {
            if (_reader.At("{"))
            {
                hasObject = !hasText ? true : throw _reader.Wrong("text cannot be joined with an object; the next key needs a line of its own");
                _reader.Take("{");
                ParseObject(owner, path);
            }
            else if (_reader.Take("["))
            {
                AppendSpaces(owner, spaces);
                owner.AppendValue(ParseArray(path));
            }
            else if (_reader.AtSubstitution)
            {
                AppendSpaces(owner, spaces);
                owner.AppendValue(ParseSubstitution());
            }
            else if (TakeText(out var text))
            {
                hasText = !hasObject ? true : throw _reader.Wrong("an object cannot be joined with text; the next key needs a line of its own");
                if (owner.IsObject())
                    owner.Clear();
                AppendSpaces(owner, spaces);
                owner.AppendValue(new HoconLiteral { Value = text });
            }
            else
            {
                break;
            }

            spaces = _reader.TakeSpaces();
        }

        if (hasText && (_reader.At("=") || _reader.At(":")))
        {
            throw new ConfigurationException($"{_reader.Place()}: the value of {path} is followed by = or :. "
                + "Text with these characters, such as an address, needs quotes; two settings on one line need a comma between them.");
        }

        _reader.Take(",");
    }

    private static void AppendSpaces(HoconValue owner, string spaces)
    {
        if (spaces.Length > 0)
            owner.AppendValue(new HoconLiteral { Value = spaces });
    }

    private bool TakeText(out string text)
    {
        text = null;
        if (_reader.At("\"\"\""))
            text = _reader.TakeTripleQuoted();
        else if (_reader.At("\""))
            text = _reader.TakeQuoted();
        else if (_reader.AtUnquotedText)
            text = _reader.TakeUnquoted();
        return text != null;
    }

    /// <remarks>As in the real parser, white space alone between the brackets is one empty element; <c>[]</c> has none.</remarks>
    private HoconArray ParseArray(string path)
    {
        var array = new HoconArray();
        while (!_reader.Take("]"))
        {
            var before = _reader.Place();
            var element = new HoconValue();
            ParseValue(element, path);
            array.Add(element);
            _reader.SkipBlank();
            if (_reader.Place() == before || _reader.AtEnd)
                throw _reader.Wrong($"the array of {path} needs a ]");
        }

        return array;
    }

    private HoconSubstitution ParseSubstitution()
    {
        _reader.Take("${");
        var path = _reader.TakeUnquoted();
        if (path.Length == 0 || !_reader.Take("}"))
            throw _reader.Wrong("a substitution is ${path} with a path of unquoted keys; ${?path} is not supported");
        var substitution = new HoconSubstitution(path);
        _substitutions.Add(substitution);
        return substitution;
    }

    private void Include(HoconValue owner, string path, string name)
    {
        var included = (_include ?? throw _reader.Wrong($"include \"{name}\" needs an include callback"))(name);
        _substitutions.AddBelow(path, included.Substitutions);
        ObjectOf(owner).Merge(included.Value.GetObject());
    }

    private static HoconObject ObjectOf(HoconValue value)
    {
        if (!value.IsObject())
            value.NewValue(new HoconObject());
        return value.GetObject();
    }
}
