using System.Collections.Immutable;

namespace Akka.Streams;

/// <summary>
/// The ports of a graph. The public lists are immutable arrays, as in the real package; materialization walks the ports through the
/// internal members instead, which the common shapes answer without allocating.
/// </summary>
public abstract class Shape : ICloneable
{
    public abstract ImmutableArray<Inlet> Inlets { get; }

    public abstract ImmutableArray<Outlet> Outlets { get; }

    internal virtual int InletCount => Inlets.Length;

    internal virtual int OutletCount => Outlets.Length;

    public abstract Shape DeepCopy();

    public abstract Shape CopyFromPorts(ImmutableArray<Inlet> inlets, ImmutableArray<Outlet> outlets);

    public object Clone() => DeepCopy();

    public sealed override string ToString() => $"{GetType().Name}([{string.Join(", ", Inlets)}] [{string.Join(", ", Outlets)}])";

    internal virtual Inlet InletAt(int index) => Inlets[index];

    internal virtual Outlet OutletAt(int index) => Outlets[index];

    private protected static void RequirePorts(ImmutableArray<Inlet> inlets, int inletCount, ImmutableArray<Outlet> outlets, int outletCount)
    {
        if (inlets.Length != inletCount)
            throw new ArgumentException($"Proposed inlets [{string.Join(", ", inlets)}] do not fit, {inletCount} expected", nameof(inlets));
        if (outlets.Length != outletCount)
            throw new ArgumentException($"Proposed outlets [{string.Join(", ", outlets)}] do not fit, {outletCount} expected", nameof(outlets));
    }
}
