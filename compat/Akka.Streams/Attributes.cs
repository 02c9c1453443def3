using System.Text;

namespace Akka.Streams;

/// <summary>
/// Settings that travel with a graph into its stages. A stage receives the attributes of everything that encloses it, outermost first,
/// so the last attribute of a kind is the most specific one and wins.
/// </summary>
public sealed partial class Attributes
{
    public static readonly Attributes None = new();

    private readonly IAttribute[] _attributes;

    public Attributes(params IAttribute[] attributes) => _attributes = attributes ?? [];

    public IEnumerable<IAttribute> AttributeList => _attributes;

    internal bool IsEmpty => _attributes.Length == 0;

    internal ReadOnlySpan<IAttribute> Span => _attributes;

#pragma warning disable SYSLIB0013 // the real package escapes with this method, and actor paths show the result
    public static Attributes CreateName(string name) =>
        string.IsNullOrEmpty(name) ? None : new Attributes(new Name(Uri.EscapeUriString(name)));
#pragma warning restore SYSLIB0013

    public static Attributes CreateInputBuffer(int initial, int max) => new(new InputBuffer(initial, max));

    public static Attributes CreateAsyncBoundary() => new(AsyncBoundary.Instance);

    public IEnumerable<TAttr> GetAttributeList<TAttr>()
        where TAttr : IAttribute => _attributes.OfType<TAttr>();

    public TAttr GetAttribute<TAttr>(TAttr defaultIfNotFound)
        where TAttr : class, IAttribute => GetAttribute<TAttr>() ?? defaultIfNotFound;

    public TAttr GetAttribute<TAttr>()
        where TAttr : class, IAttribute
    {
        for (var i = _attributes.Length - 1; i >= 0; i--)
        {
            if (_attributes[i] is TAttr found)
                return found;
        }

        return null;
    }

    /// <summary>The outermost one, unlike <see cref="GetAttribute{TAttr}()"/>: the real package does so.</summary>
    public TAttr GetMandatoryAttribute<TAttr>()
        where TAttr : class, IMandatoryAttribute => (TAttr)_attributes.First(attribute => attribute is TAttr);

    public Attributes And(Attributes other) =>
        IsEmpty ? other : other.IsEmpty ? this : new Attributes([.. _attributes, .. other._attributes]);

    public Attributes And(IAttribute other) => new([.. _attributes, other]);

    /// <summary>All names, outermost first, joined by dashes: an actor that runs a stage is called after it. Null if there is no attribute at all.</summary>
    public string GetNameOrDefault(string defaultIfNotFound = "unknown-operation")
    {
        if (IsEmpty)
            return null;
        StringBuilder names = null;
        string only = null;
        foreach (var attribute in _attributes)
        {
            if (attribute is not Name name)
                continue;
            if (only is null)
                only = Uri.EscapeDataString(name.Value);
            else
                (names ??= new StringBuilder(only)).Append('-').Append(Uri.EscapeDataString(name.Value));
        }

        return names?.ToString() ?? only ?? defaultIfNotFound;
    }

    public override string ToString() => $"Attributes({string.Join<IAttribute>(", ", _attributes)})";
}
