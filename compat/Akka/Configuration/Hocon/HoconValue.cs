using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>
/// The value of a key, or an element of an array: the pieces that stand side by side in the text. What it is (text, array, object) is
/// decided when it is asked, because a substitution among the pieces is known only at the end of the text.
/// </summary>
public class HoconValue : IMightBeAHoconObject
{
    /// <summary>A value without pieces.</summary>
    public HoconValue()
        : this([])
    {
    }

    /// <summary>A value of these pieces.</summary>
    /// <param name="values">The pieces; the list is kept, not copied.</param>
    /// <param name="adoptedFromFallback">Without effect here; whether the value was copied from a fallback.</param>
    public HoconValue(List<IHoconElement> values, bool adoptedFromFallback = true)
    {
        Values = values;
        _ = adoptedFromFallback;
    }

    /// <summary>The pieces.</summary>
    public List<IHoconElement> Values { get; private set; }

    /// <summary>True without pieces, and for an object without keys.</summary>
    public bool IsEmpty => Values.Count == 0 || Values[0] is HoconObject { Items.Count: 0 };

    /// <summary>This value as the root of a configuration.</summary>
    public Config ToConfig() => new(new HoconRoot(this));

    /// <summary>A configuration that has this value at one top-level key.</summary>
    public Config AtKey(string key)
    {
        var parent = new HoconObject();
        parent.Items[key] = this;
        return new HoconValue([parent]).ToConfig();
    }

    /// <summary>Adds a piece.</summary>
    public void AppendValue(IHoconElement value) => Values.Add(value);

    /// <summary>Removes all pieces.</summary>
    public void Clear() => Values.Clear();

    /// <summary>Replaces all pieces by one.</summary>
    public void NewValue(IHoconElement value)
    {
        Values.Clear();
        Values.Add(value);
    }

    /// <summary>Whether the first piece is an object; later pieces do not count.</summary>
    public bool IsObject() => GetObject() != null;

    /// <summary>The object, or null if this is something else.</summary>
    public HoconObject GetObject() => Values.Count == 0 ? null : Values[0] switch
    {
        HoconObject own => own,
        IMightBeAHoconObject other when other.IsObject() => other.GetObject(),
        _ => null,
    };

    /// <summary>The value of a key of the object, or null.</summary>
    public HoconValue GetChildObject(string key) => GetObject()?.GetKey(key);

    /// <summary>Whether there are pieces and all of them are text.</summary>
    public bool IsString() => Values.Count > 0 && Values.All(piece => piece.IsString());

    /// <summary>The pieces joined and trimmed; null for the word <c>null</c>, and if this is not text.</summary>
    public string GetString()
    {
        if (!IsString())
            return null;
        var text = string.Concat(Values.Select(piece => piece.GetString())).Trim();
        return text == "null" ? null : text;
    }

    /// <summary>Whether this is an array with at least one element.</summary>
    public bool IsArray() => GetArray().Count != 0;

    /// <summary>The elements of all pieces that are arrays, joined; empty if none is.</summary>
    public IList<HoconValue> GetArray() => [.. Values.Where(piece => piece.IsArray()).SelectMany(piece => piece.GetArray())];

    /// <summary>Exactly <c>on</c>, <c>true</c>, <c>off</c> or <c>false</c>.</summary>
    /// <exception cref="NotSupportedException">The value is anything else.</exception>
    public bool GetBoolean() => GetString() switch
    {
        "on" or "true" => true,
        "off" or "false" => false,
        var other => throw new NotSupportedException($"{other} is not a boolean: on, off, true or false"),
    };

    /// <summary>The text as a decimal.</summary>
    public decimal GetDecimal() => decimal.Parse(GetString(), NumberFormatInfo.InvariantInfo);

    /// <summary>The text as a float.</summary>
    public float GetFloat() => float.Parse(GetString(), NumberFormatInfo.InvariantInfo);

    /// <summary>The text as a double.</summary>
    public double GetDouble() => double.Parse(GetString(), NumberFormatInfo.InvariantInfo);

    /// <summary>The text as a long.</summary>
    public long GetLong() => long.Parse(GetString(), NumberFormatInfo.InvariantInfo);

    /// <summary>The text as an int.</summary>
    public int GetInt() => int.Parse(GetString(), NumberFormatInfo.InvariantInfo);

    /// <summary>The text as a byte.</summary>
    public byte GetByte() => byte.Parse(GetString(), NumberFormatInfo.InvariantInfo);

    /// <summary>Each element as a byte.</summary>
    public IList<byte> GetByteList() => [.. GetArray().Select(element => element.GetByte())];

    /// <summary>Each element as an int.</summary>
    public IList<int> GetIntList() => [.. GetArray().Select(element => element.GetInt())];

    /// <summary>Each element as a long.</summary>
    public IList<long> GetLongList() => [.. GetArray().Select(element => element.GetLong())];

    /// <summary>Each element as a boolean.</summary>
    public IList<bool> GetBooleanList() => [.. GetArray().Select(element => element.GetBoolean())];

    /// <summary>Each element as a float.</summary>
    public IList<float> GetFloatList() => [.. GetArray().Select(element => element.GetFloat())];

    /// <summary>Each element as a double.</summary>
    public IList<double> GetDoubleList() => [.. GetArray().Select(element => element.GetDouble())];

    /// <summary>Each element as a decimal.</summary>
    public IList<decimal> GetDecimalList() => [.. GetArray().Select(element => element.GetDecimal())];

    /// <summary>Each element as text.</summary>
    public IList<string> GetStringList() => [.. GetArray().Select(element => element.GetString())];

    /// <summary>
    /// A time: a number and one of the units ns, ms, s, m, h, d or their long forms (<c>10s</c>, <c>500 ms</c>, <c>1.5 minutes</c>); a bare
    /// number is milliseconds; <c>infinite</c> is <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>.
    /// </summary>
    /// <param name="allowInfinite">Whether <c>infinite</c> is accepted.</param>
    /// <exception cref="FormatException">The text is not a time, or negative.</exception>
    public TimeSpan GetTimeSpan(bool allowInfinite = true) => HoconDuration.Parse(GetString(), allowInfinite);

    /// <summary>
    /// A number of bytes: a whole number with a case-sensitive unit. <c>k</c>, <c>K</c>, <c>Ki</c>, <c>KiB</c>, <c>kibibytes</c> are 1024;
    /// <c>kB</c>, <c>kilobytes</c> are 1000; likewise M, G, T, P, E (their decimal forms are MB, GB, ...); <c>b</c>, <c>B</c>,
    /// <c>bytes</c> or nothing are 1.
    /// </summary>
    /// <returns>The number of bytes, or null for an empty text.</returns>
    /// <exception cref="FormatException">The text is not a whole number, or its unit is none of these.</exception>
    public long? GetByteSize() => HoconByteSize.Parse(GetString());

    /// <summary>HOCON text.</summary>
    public override string ToString() => ToString(0);

    /// <summary>HOCON text.</summary>
    /// <param name="indent">How deep this value is nested; each level is two spaces.</param>
    public virtual string ToString(int indent)
    {
        if (IsString())
            return HoconText.Quoted(GetString());
        if (IsObject())
        {
            var members = GetObject().ToString(indent + 1);
            return indent == 0 ? members : $"{{\r\n{members}{new string(' ', indent * 2)}}}";
        }

        return IsArray() ? $"[{string.Join(",", GetArray().Select(element => element.ToString(indent + 1)))}]" : "<<unknown value>>";
    }
}
