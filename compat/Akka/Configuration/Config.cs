using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// A tree of settings, usually parsed from HOCON text. A configuration is laid over another with <see cref="WithFallback"/>:
/// what the upper one does not say, the lower one answers.
/// </summary>
/// <remarks>
/// The merged tree is built when the fallback is attached, so a look-up walks one tree. The layers are kept beside it
/// (<see cref="Fallback"/>) because <see cref="ToString()"/> prints only the uppermost one. Not changed after construction; safe to read
/// from many threads.
/// </remarks>
public partial class Config
{
    private HoconValue _own;

    /// <summary>A configuration with no layers; <see cref="Empty"/> or <see cref="ConfigurationFactory.Empty"/> is what callers want.</summary>
    public Config()
    {
    }

    /// <summary>A configuration over a parsed tree.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="root"/> has no value.</exception>
    public Config(HoconRoot root)
    {
        _own = root.Value ?? throw new ArgumentNullException(nameof(root), "A configuration needs a root value.");
        Root = _own;
        Substitutions = root.Substitutions;
    }

    /// <summary>The tree of <paramref name="source"/> with another lower layer beside it. Look-ups still see the tree of the source only.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public Config(Config source, Config fallback)
    {
        ArgumentNullException.ThrowIfNull(source);
        _own = source._own;
        Root = source.Root;
        Fallback = fallback;
    }

    /// <summary>The shared configuration without any key.</summary>
    public static readonly Config Empty = ConfigurationFactory.Empty;

    /// <summary>The layer below this one, or null.</summary>
    public Config Fallback { get; private set; }

    /// <summary>True if there is no key at all.</summary>
    public virtual bool IsEmpty => Root == null || Root.IsEmpty;

    /// <summary>The merged tree of this layer and all below it.</summary>
    public virtual HoconValue Root { get; private set; }

    /// <summary>The substitutions that the text of this layer used.</summary>
    public IEnumerable<HoconSubstitution> Substitutions { get; set; }

    /// <summary>The same layers, with <paramref name="fallback"/> as the lowest.</summary>
    protected Config Copy(Config fallback = null)
        => new()
        {
            _own = _own,
            Root = Root,
            Substitutions = Substitutions,
            Fallback = Fallback == null ? fallback : Fallback.Copy(fallback),
        };

    /// <summary>This configuration laid over <paramref name="fallback"/>: objects merge key by key, anything else here hides what is there.</summary>
    /// <returns>
    /// The merged configuration; this very object if the fallback is null or adds nothing, and the fallback itself if this is empty.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="fallback"/> is this object.</exception>
    /// <exception cref="NullReferenceException">Only one of the two is an object, or neither is.</exception>
    public virtual Config WithFallback(Config fallback)
    {
        if (fallback == this)
            throw new ArgumentException("A configuration cannot be its own fallback", nameof(fallback));
        if (fallback == null)
            return this;
        if (IsEmpty)
            return fallback;
        if (fallback.IsEmpty || Covers(Root, fallback.Root.GetObject()))
            return this;

        var merged = Copy(fallback);
        merged.Root = new HoconValue();
        merged.Root.AppendValue(fallback.Root.GetObject().MergedWith(Root.GetObject()));
        return merged;
    }

    /// <summary>The top-level keys and values of this layer and of those below it.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable()
    {
        var seen = new HashSet<string>();
        for (var layer = this; layer != null; layer = layer.Fallback)
        {
            foreach (var entry in layer.Root.GetObject().Items)
            {
                if (seen.Add(entry.Key))
                    yield return entry;
            }
        }
    }

    /// <summary>HOCON text of this layer alone.</summary>
    public override string ToString() => _own == null ? "" : _own.ToString();

    /// <summary>HOCON text of this layer alone, or of the merged tree.</summary>
    public string ToString(bool includeFallback) => includeFallback ? Root.ToString() : ToString();

    /// <summary>Parses <paramref name="fallback"/> and lays <paramref name="config"/> over it.</summary>
    public static Config operator +(Config config, string fallback) => config.WithFallback(ConfigurationFactory.ParseString(fallback));

    /// <summary>Parses <paramref name="configHocon"/> and lays it over <paramref name="fallbackConfig"/>.</summary>
    public static Config operator +(string configHocon, Config fallbackConfig)
        => ConfigurationFactory.ParseString(configHocon).WithFallback(fallbackConfig);

    /// <summary>Parses HOCON text.</summary>
    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    /// <summary>Whether every setting of <paramref name="lower"/> is already said, with the same value, by <paramref name="upper"/>.</summary>
    private static bool Covers(HoconValue upper, HoconObject lower) => lower.Items.All(item =>
        upper.GetChildObject(item.Key) is { } mine && Covers(mine, item.Value));

    private static bool Covers(HoconValue upper, HoconValue lower)
    {
        if (lower.IsObject())
            return Covers(upper, lower.GetObject());

        if (lower.IsArray())
        {
            var mine = upper.GetStringList();
            return lower.GetStringList().All(mine.Contains);
        }

        return lower.GetString() == upper.GetString();
    }
}
