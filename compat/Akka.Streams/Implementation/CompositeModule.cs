using System.Collections.Immutable;
using System.Diagnostics;

namespace Akka.Streams.Implementation;

/// <summary>
/// Two graphs, wired to each other. The open ports of the left come before those of the right; a <see cref="Wire"/> names an outlet and an
/// inlet by their places in these lists. What no wire takes is open, in that order.
/// </summary>
internal sealed class CompositeModule<TLeft, TRight, TMat> : Module
{
    private readonly Module _left;
    private readonly Module _right;
    private readonly Wire[] _wires;
    private readonly Func<TLeft, TRight, TMat> _combine;

    public CompositeModule(IModule left, IModule right, Wire[] wires, Func<TLeft, TRight, TMat> combine)
        : base(Attributes.None)
    {
        _left = (Module)left;
        _right = (Module)right;
        _wires = wires;
        _combine = combine;
        InletCount = _left.InletCount + _right.InletCount - wires.Length;
        OutletCount = _left.OutletCount + _right.OutletCount - wires.Length;
        Debug.Assert(InletCount >= 0 && OutletCount >= 0, "more wires than ports");
    }

    public override int InletCount { get; }

    public override int OutletCount { get; }

    public override Shape Shape
    {
        get
        {
            ImmutableArray<Inlet> inlets = [.. _left.Shape.Inlets, .. _right.Shape.Inlets];
            ImmutableArray<Outlet> outlets = [.. _left.Shape.Outlets, .. _right.Shape.Outlets];
            inlets = [.. inlets.Where((_, i) => !Array.Exists(_wires, wire => wire.Inlet == i))];
            outlets = [.. outlets.Where((_, i) => !Array.Exists(_wires, wire => wire.Outlet == i))];
            return new AmorphousShape(inlets, outlets);
        }
    }

    protected override object Build(MaterializerSession session, in Scope scope)
    {
        var ports = session.Mark();
        var left = _left.Materialize(session, scope);
        var right = _right.Materialize(session, scope);
        session.Connect(ports, _wires);

        // Keep.Left is told by null: the most common combination costs no call.
        return _combine is null ? left : _combine((TLeft)left, (TRight)right);
    }
}
