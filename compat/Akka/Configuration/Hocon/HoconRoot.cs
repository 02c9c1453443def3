namespace Akka.Configuration.Hocon;

/// <summary>What parsing one text gives: its tree, and the substitutions in it, which an including text resolves again.</summary>
public class HoconRoot
{
    protected HoconRoot()
    {
    }

    /// <summary>A tree that uses substitutions.</summary>
    public HoconRoot(HoconValue value, IEnumerable<HoconSubstitution> substitutions)
    {
        Value = value;
        Substitutions = substitutions;
    }

    /// <summary>A tree without substitutions.</summary>
    public HoconRoot(HoconValue value)
        : this(value, [])
    {
    }

    /// <summary>The tree.</summary>
    public HoconValue Value { get; private set; }

    /// <summary>The substitutions in the tree, in the order of the text.</summary>
    public IEnumerable<HoconSubstitution> Substitutions { get; private set; }
}
