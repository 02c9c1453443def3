using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>A set of keys with a value each.</summary>
public class HoconObject : IHoconElement
{
    /// <summary>The keys and values, in the order of their first appearance.</summary>
    public Dictionary<string, HoconValue> Items { get; private set; } = [];

    /// <inheritdoc/>
    public bool IsString() => false;

    /// <summary>An object has no text.</summary>
    /// <exception cref="NotImplementedException">Always.</exception>
    public string GetString() => throw new NotImplementedException("An object is not text.");

    /// <inheritdoc/>
    public bool IsArray() => false;

    /// <summary>An object has no elements.</summary>
    /// <exception cref="NotImplementedException">Always.</exception>
    public IList<HoconValue> GetArray() => throw new NotImplementedException("An object is not an array.");

    /// <summary>The value of the key, or null.</summary>
    public HoconValue GetKey(string key) => Items.GetValueOrDefault(key);

    /// <summary>The value of the key; a new, empty one if the key was not there.</summary>
    public HoconValue GetOrCreateKey(string key)
    {
        if (!Items.TryGetValue(key, out var value))
            Items.Add(key, value = new HoconValue());
        return value;
    }

    /// <summary>Takes over all of <paramref name="other"/>: objects merge key by key, anything else of the other replaces what is here.</summary>
    public void Merge(HoconObject other) => Items = MergedWith(other).Items;

    /// <summary>What <see cref="Merge"/> would make of this object, as a new one.</summary>
    internal HoconObject MergedWith(HoconObject other)
    {
        var merged = new Dictionary<string, HoconValue>(Items);
        foreach (var (key, value) in other.Items)
        {
            var lower = GetKey(key)?.GetObject();
            merged[key] = lower != null && value.IsObject() ? new HoconValue([lower.MergedWith(value.GetObject())]) : value;
        }

        return new HoconObject { Items = merged };
    }

    /// <inheritdoc/>
    public override string ToString() => ToString(0);

    /// <summary>HOCON text, one key a line.</summary>
    /// <param name="indent">How deep this object is nested; each level is two spaces.</param>
    public string ToString(int indent)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in Items)
            text.Append(' ', indent * 2).Append(HoconText.Quoted(key)).Append(" : ").Append(value.ToString(indent)).Append("\r\n");
        return text.ToString();
    }
}
