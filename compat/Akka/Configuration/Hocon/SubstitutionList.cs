namespace Akka.Configuration.Hocon;

/// <summary>
/// The substitutions of one text. Each is resolved against the text it stands in, after its last line, so that it may point forward. One
/// that points through another that stands later is not resolved: the order is that of the text.
/// </summary>
internal sealed class SubstitutionList
{
    private readonly List<HoconSubstitution> _all = [];

    internal void Add(HoconSubstitution substitution) => _all.Add(substitution);

    /// <summary>Takes over the substitutions of an included text; their paths are now below the including key.</summary>
    internal void AddBelow(string path, IEnumerable<HoconSubstitution> included)
    {
        foreach (var substitution in included)
        {
            substitution.Path = $"{path}.{substitution.Path}";
            _all.Add(substitution);
        }
    }

    /// <exception cref="FormatException">A path does not exist, or a value would contain itself.</exception>
    internal HoconRoot Resolve(HoconValue root)
    {
        var config = new Config(new HoconRoot(root));
        foreach (var substitution in _all)
        {
            substitution.ResolvedValue = config.GetValue(substitution.Path)
                ?? throw new FormatException($"The substitution ${{{substitution.Path}}} names a path that the text does not define");
        }

        foreach (var substitution in _all)
            RefuseCycle(substitution, substitution.ResolvedValue, []);
        return new HoconRoot(root, _all);
    }

    private static void RefuseCycle(HoconSubstitution start, HoconValue value, HashSet<HoconValue> seen)
    {
        if (!seen.Add(value))
            return;
        foreach (var piece in value.Values)
        {
            if (ReferenceEquals(piece, start))
                throw new FormatException($"The substitution ${{{start.Path}}} is part of its own value");
            var inner = piece switch
            {
                HoconSubstitution other => [other.ResolvedValue],
                HoconObject o => o.Items.Values,
                HoconArray array => array,
                _ => (IEnumerable<HoconValue>)[],
            };
            foreach (var each in inner)
                RefuseCycle(start, each, seen);
        }
    }
}
