using System.Text;
using MessagePack;

namespace UdsBroker.Protocol;

/// <summary>
/// Reads a map of options. Unknown keys are skipped; a nil value counts as absent, and nil instead of the map as no options. A known option
/// with a wrong type or value counts as absent as well, and the first of these is reported as an error. So is a known option that comes
/// twice; its first value counts. Bytes that are not a map are a violation.
/// </summary>
internal ref struct OptionReader
{
    // The name of a header can be as long as its frame; a sentence about it is not.
    private const int LongestQuote = 80;

    private ElementCursor _cursor;
    private ElementCursor _value;
    private ReadOnlySpan<byte> _key;
    private ReadOnlySpan<byte> _parent;
    private uint _left;
    private uint _asked;
    private uint _seen;
    private bool _isValueNext;
    private bool _isBroken;
    private string? _problem;

    /// <summary>Starts at the map or nil at the cursor.</summary>
    public OptionReader(ElementCursor cursor)
    {
        _cursor = cursor;
        if (!_cursor.TryReadNil())
            _isBroken = _cursor.ReadMapHeader(out _left) != ScanResult.Done;
    }

    /// <summary>Goes to the next option; false at the end and where the bytes are no map.</summary>
    public bool MoveNext()
    {
        if (_isValueNext)
            Skip();
        if (_isBroken || _left == 0)
            return false;
        _left--;
        _asked = 0;
        _key = default;
        if (_cursor.NextType == MessagePackType.String)
            _isBroken = !_cursor.TryReadUtf8(out _key);
        else
            Skip();
        _isValueNext = true;
        _value = _cursor;
        return !_isBroken;
    }

    /// <summary>
    /// True when the current option has this name, is not nil, and comes for the first time. Ask for the names of a map in the same order
    /// for every option: a name is recognized by its place in that order.
    /// </summary>
    public bool Is(ReadOnlySpan<byte> name) => MarkSeen(_key.SequenceEqual(name));

    /// <inheritdoc cref="Is(ReadOnlySpan{byte})"/>
    public bool Is(string name) => MarkSeen(Ascii.Equals(_key, name));

    /// <summary>The name of the option.</summary>
    public readonly string Name => Encoding.UTF8.GetString(_key);

    /// <summary>True when the option is nil, which counts as absent.</summary>
    public readonly bool IsNil => _cursor.NextType == MessagePackType.Nil;

    /// <summary>True when an option read so far is faulty.</summary>
    public readonly bool IsFaulty => _isBroken || _problem is not null;

    /// <summary>True when the option's name and its value are both a str.</summary>
    public readonly bool IsText => !_key.IsEmpty && _cursor.NextType == MessagePackType.String;

    /// <summary>Reads a str whose length in bytes of UTF-8 is within a range.</summary>
    public string? ReadText(int min = 0, int max = int.MaxValue)
    {
        if (IsNone())
            return null;
        if (_cursor.NextType != MessagePackType.String)
            return Fail<string>(max == int.MaxValue ? "a str" : $"a str of {min} to {max} bytes");
        _isBroken = !_cursor.TryReadUtf8(out ReadOnlySpan<byte> utf8);
        if (_isBroken)
            return null; // Decoding would allocate an array for each byte that is not UTF-8.
        return utf8.Length >= min && utf8.Length <= max
            ? Encoding.UTF8.GetString(utf8)
            : Fail<string>($"a str of {min} to {max} bytes");
    }

    /// <summary>Reads a number within a range.</summary>
    public ulong? ReadNumber(ulong min = 0, ulong max = ulong.MaxValue)
    {
        if (IsNone())
            return null;
        if (_cursor.ReadUnsigned(max, out ulong number) != ScanResult.Done || number < min)
            return Fail<ulong?>($"an integer from {min} to {max}");
        return number;
    }

    /// <summary>Reads an array of 32-bit numbers with a limited count.</summary>
    public uint[]? ReadNumbers(int max)
    {
        if (IsNone())
            return null;
        if (_cursor.ReadArrayHeader(out uint count) != ScanResult.Done || count > (uint)max)
            return Fail<uint[]>($"an array of at most {max} integers");
        uint[] numbers = new uint[count];
        foreach (ref uint number in numbers.AsSpan())
        {
            if (!_cursor.TryReadUInt32(out number))
                return Fail<uint[]>($"an array of at most {max} integers");
        }

        return numbers;
    }

    /// <summary>Reads a bool.</summary>
    public bool? ReadSwitch()
    {
        if (IsNone())
            return null;
        return _cursor.TryReadBool(out bool value) ? value : Fail<bool?>("true or false");
    }

    /// <summary>Reads a bin into a new array.</summary>
    public byte[]? ReadBin()
    {
        if (IsNone())
            return null;
        if (_cursor.NextType != MessagePackType.Binary)
            return Fail<byte[]>("a bin");
        ReadOnlySpan<byte> bytes = default;
        _isBroken = _cursor.ReadBinHeader(out uint length) != ScanResult.Done || _cursor.Take(length, out bytes) != ScanResult.Done;
        return bytes.ToArray();
    }

    /// <summary>Reads a map of texts; when a name comes twice, the first one counts.</summary>
    public Dictionary<string, string>? ReadTexts()
    {
        if (IsNil)
            return null;
        Dictionary<string, string> texts = [];
        OptionReader entries = Enter();
        while (entries.MoveNext())
        {
            if (!entries.IsText)
                entries.Fail<string>("a str");
            else if (entries.ReadText() is { } value)
                texts.TryAdd(entries.Name, value);
        }

        Leave(entries);
        return texts;
    }

    /// <summary>Reads the text of an overflow policy.</summary>
    public OverflowPolicy? ReadOverflow()
    {
        string? text = ReadText();
        if (text is null)
            return null;
        return OverflowPolicies.TryParse(text, out OverflowPolicy policy)
            ? policy
            : Fail<OverflowPolicy?>($"one of {string.Join(", ", OverflowPolicies.AllTexts)}");
    }

    /// <summary>Starts to read the map that this option is; end it with <see cref="Leave"/>.</summary>
    public OptionReader Enter()
    {
        _isValueNext = false;
        if (_cursor.NextType is MessagePackType.Map or MessagePackType.Nil)
            return new OptionReader(_cursor) { _parent = _key };
        Fail<string>("a map");
        return new OptionReader { _cursor = _cursor };
    }

    /// <summary>Continues after a map that was read to its end, and takes over its fault.</summary>
    public void Leave(in OptionReader inner)
    {
        _cursor = inner._cursor;
        _isBroken = inner._isBroken;
        _problem ??= inner._problem;
    }

    /// <summary>True, with the fault, when the options cannot be used.</summary>
    public readonly bool TryGetFault(FrameKind kind, uint? sid, out CommandFault fault)
    {
        fault = _isBroken ? CommandReader.Broken(kind, _cursor)
            : _problem is not null
                ? new CommandFault(IsViolation: false, ErrorCode.BadOption, $"{kind.ToText()}: {_problem}", sid)
            : default;
        return _isBroken || _problem is not null;
    }

    /// <summary>Records that a required option is missing or has a value that is not allowed; the first problem counts.</summary>
    public void ReportInvalid(string name, string allowed) =>
        _problem ??= $"the option {(_parent.IsEmpty ? "" : Encoding.UTF8.GetString(_parent) + ".")}{name} must be {allowed}";

    private bool MarkSeen(bool isNamed)
    {
        uint option = 1u << (int)_asked++;
        if (!isNamed || IsNil)
            return false;
        bool isFirst = (_seen & option) == 0;
        _seen |= option;
        if (!isFirst && _problem is null)
            ReportInvalid(Name, "given once");
        return isFirst;
    }

    private bool IsNone()
    {
        _isValueNext = false;
        return _cursor.TryReadNil();
    }

    private void Skip()
    {
        _isValueNext = false;
        _isBroken |= _cursor.Skip(1, before: 0, int.MaxValue, Limits.Ceiling) != ScanResult.Done;
    }

    private T? Fail<T>(string allowed)
    {
        if (_problem is null)
            ReportInvalid(Encoding.UTF8.GetString(_key[..Math.Min(_key.Length, LongestQuote)]), allowed);
        _cursor = _value;
        Skip();
        return default;
    }
}
