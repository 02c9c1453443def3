using System.Globalization;
using Akka.Configuration.Hocon;

namespace UdsBroker.Broker.Settings;

/// <summary>
/// One block of the settings while it is being read. Every read names a key and its range, and fails with one line for the operator. A key
/// that nobody has read by <see cref="Close"/> is a mistake, most likely of spelling.
/// </summary>
/// <remarks>
/// All defaults are in the reference file, so a key that is missing there is a fault of ours and not a wrong setting.
/// Defaults of a block whose name the operator chooses (a listener) come from a second block.
/// </remarks>
internal sealed class SettingsSection
{
    private readonly HoconObject _values;
    private readonly HoconObject? _defaults;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Opens a block.</summary>
    /// <param name="path">The full key of the block.</param>
    /// <param name="value">The block as parsed.</param>
    /// <param name="defaults">Where to look up keys that are missing in the block, or null.</param>
    public SettingsSection(string path, HoconValue? value, SettingsSection? defaults = null)
    {
        Path = path;
        var given = Given(path, value);
        _values = given.GetObject() ?? throw SettingsException.Wrong(path, given.ToString(), "a block in braces");
        _defaults = defaults?._values;
    }

    /// <summary>The full key of this block.</summary>
    public string Path { get; }

    /// <summary>The names in this block, sorted.</summary>
    public IEnumerable<string> Names => _values.Items.Keys.Order(StringComparer.Ordinal);

    /// <summary>The full key of a name in this block.</summary>
    public string KeyOf(string name) => $"{Path}.{name}";

    /// <summary>Whether the key is there, for one that has no default because its absence means something.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A block within this one.</summary>
    public SettingsSection Section(string name, SettingsSection? defaults = null) => new(KeyOf(name), Find(name), defaults);

    /// <summary>The blocks of a list, in order; each is named by its place in it.</summary>
    public IReadOnlyList<SettingsSection> Sections(string name)
    {
        var value = Given(KeyOf(name), Find(name));
        if (!IsList(value)) throw SettingsException.Wrong(KeyOf(name), value.ToString(), "a list of blocks: [ { ... }, { ... } ]");
        return [.. Elements(value).Select((element, index) => new SettingsSection($"{KeyOf(name)}[{index}]", Single(KeyOf(name), element)))];
    }

    /// <summary>Text as it is.</summary>
    public string Text(string name)
    {
        var value = Given(KeyOf(name), Find(name));
        return value.IsString() ? value.GetString().Trim() : throw SettingsException.Wrong(KeyOf(name), value.ToString(), "a single value");
    }

    /// <summary>One text, or a list of them, at least one.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var value = Given(KeyOf(name), Find(name));
        IReadOnlyList<string> texts = IsList(value) ? [.. Elements(value).Select(element => TextOf(name, element))] : [Text(name)];
        return texts.Count > 0 && texts.All(text => !string.IsNullOrEmpty(text))
            ? texts
            : throw SettingsException.Wrong(KeyOf(name), string.Join(", ", texts), "at least one value, and none of them empty");
    }

    /// <summary>A whole number within a range.</summary>
    public int Number(string name, int min, int max)
    {
        var text = Text(name);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw SettingsException.Wrong(KeyOf(name), text, $"a whole number from {min} to {max}");
    }

    /// <summary>A size in bytes within a range.</summary>
    public long Size(string name, long min, long max)
    {
        var text = Text(name);
        return SettingsText.ParseSize(text) is { } size && size >= min && size <= max
            ? size
            : throw SettingsException.Wrong(KeyOf(name), text, $"a size from {SettingsText.Size(min)} to {SettingsText.Size(max)}, such as 64 KiB");
    }

    /// <summary>A duration within a range.</summary>
    public TimeSpan Duration(string name, TimeSpan min, TimeSpan max)
    {
        var text = Text(name);
        return SettingsText.ParseDuration(text) is { } duration && duration >= min && duration <= max
            ? duration
            : throw SettingsException.Wrong(
                KeyOf(name), text, $"a duration from {SettingsText.Duration(min)} to {SettingsText.Duration(max)}, such as 250ms or 2s");
    }

    /// <summary>A duration within a range, or zero for what is turned off.</summary>
    public TimeSpan DurationOrZero(string name, TimeSpan min, TimeSpan max) =>
        SettingsText.ParseDuration(Text(name)) == TimeSpan.Zero ? TimeSpan.Zero : Duration(name, min, max);

    /// <summary>One of a few words.</summary>
    public T Choice<T>(string name, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        var text = Text(name);
        var words = new List<string>(choices.Length);
        foreach (var (word, value) in choices)
        {
            if (word == text)
                return value;
            words.Add(word);
        }

        throw SettingsException.Wrong(KeyOf(name), text, words.Count == 1 ? words[0] : $"one of {string.Join(", ", words)}");
    }

    /// <summary>A switch.</summary>
    public bool Switch(string name) => Choice(name, ("on", true), ("off", false), ("true", true), ("false", false));

    /// <summary>Permissions in octal, without set-user-id, set-group-id and sticky.</summary>
    public UnixFileMode Mode(string name)
    {
        var text = Text(name);
        if (text.Length is 3 or 4 && text.All(c => c is >= '0' and <= '7') && Convert.ToInt32(text, 8) is var mode && mode <= 0x1FF)
            return (UnixFileMode)mode;
        throw SettingsException.Wrong(KeyOf(name), text, "permissions in octal from 0000 to 0777, such as 0600");
    }

    /// <summary>The block as HOCON on one line, its keys in order of their names.</summary>
    public string Describe() => $"{{ {string.Join(", ", Names.Select(name => $"{name} = {DescribeValue(_values.Items[name])}"))} }}";

    /// <summary>Marks a key as known, because other code reads its block.</summary>
    public void Skip(string name) => _read.Add(name);

    /// <summary>Ends the reading of this block.</summary>
    /// <exception cref="SettingsException">A key in it was never read.</exception>
    public void Close()
    {
        foreach (var name in Names.Where(name => !_read.Contains(name)))
        {
            var guess = Spelling.Closest(name, _read);
            throw new SettingsException(
                $"{KeyOf(name)}: unknown setting; {(guess is null ? $"allowed here: {string.Join(", ", _read.Order(StringComparer.Ordinal))}" : $"did you mean {KeyOf(guess)}?")}");
        }
    }

    private string TextOf(string name, HoconValue element)
    {
        var value = Given(KeyOf(name), Single(KeyOf(name), element));
        return value.IsString() ? value.GetString() : throw SettingsException.Wrong(KeyOf(name), element.ToString(), "a list of single values");
    }

    // For the runtime null is a string whose GetString is null; laid over a default it would hide that.
    private static HoconValue Given(string key, HoconValue? value)
    {
        if (value is null) throw new SettingsException($"{key}: missing");
        return value.IsString() && value.GetString() is null
            ? throw SettingsException.Wrong(key, "null", "a value; null is none, and a key that is left out has its default")
            : value;
    }

    // Two blocks of a list without a comma between them are one value of two pieces, of which all but the first would be forgotten.
    private static HoconValue Single(string key, HoconValue element) => element.Values.Count(piece => piece is HoconObject or HoconArray) > 1
        ? throw new SettingsException($"{key}: the elements of a list need a comma between them")
        : element;

    // An empty one does not count as an array for the runtime.
    private static bool IsList(HoconValue value) => value.IsArray() || value.Values.Any(piece => piece is HoconArray);

    // White space between brackets is one empty element.
    private static IEnumerable<HoconValue> Elements(HoconValue list) => list.GetArray().Where(element => element.Values.Count > 0);

    private static string DescribeValue(HoconValue value) =>
        value.IsArray() ? $"[{string.Join(", ", Elements(value).Select(element => element.GetString()))}]" : value.GetString();

    private HoconValue? Find(string name)
    {
        _read.Add(name);
        return _values.Items.GetValueOrDefault(name) ?? _defaults?.Items.GetValueOrDefault(name);
    }
}
