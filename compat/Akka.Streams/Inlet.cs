namespace Akka.Streams;

/// <summary>An untyped input port; stages declare <see cref="Inlet{T}"/>.</summary>
public abstract class Inlet : InPort
{
    public readonly string Name;

    protected Inlet(string name) => Name = name ?? throw new ArgumentException("Inlet name must be defined", nameof(name));

    public static Inlet<T> Create<T>(Inlet inlet) => inlet as Inlet<T> ?? new Inlet<T>(inlet.Name);

    public abstract Inlet CarbonCopy();

    public sealed override string ToString() => Name;
}

/// <summary>An input port of a stage that accepts elements of type <typeparamref name="T"/>.</summary>
public sealed class Inlet<T> : Inlet
{
    public Inlet(string name)
        : base(name)
    {
    }

    public override Inlet CarbonCopy() => new Inlet<T>(Name);
}
