using System.Runtime.InteropServices;
using Akka.Pattern;
using Akka.Streams.Implementation.Fusing;
using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>
/// The state of one walk over a graph: the open ports so far and the islands. A broker materializes one small graph per connection, so a
/// thread keeps its session and its buffers for the next walk; a walk that starts another one (a stage that runs a stream while it is being
/// created) finds none and makes its own.
/// </summary>
internal sealed class MaterializerSession
{
    [ThreadStatic]
    private static MaterializerSession _idle;

    private readonly Island _main = new();
    private readonly List<OpenPort> _inlets = new(8);
    private readonly List<OpenPort> _outlets = new(8);
    private List<Island> _others;

    public Island Main => _main;

    /// <summary>The islands beside the main one, or null.</summary>
    public List<Island> Others => _others;

    public static MaterializerSession Rent()
    {
        var session = _idle ?? new MaterializerSession();
        _idle = null;
        return session;
    }

    public void Return()
    {
        _main.Reset(null);
        _others = null;
        _inlets.Clear();
        _outlets.Clear();
        _idle = this;
    }

    public void RequireClosed()
    {
        if (_inlets.Count + _outlets.Count > 0)
            throw new IllegalStateException($"The graph is not runnable: it has {_inlets.Count} open inlets and {_outlets.Count} open outlets");
    }

    /// <summary>Goes into something that has attributes of its own; a boundary or another dispatcher among them starts an island.</summary>
    public Scope Enter(in Scope outer, Attributes attributes)
    {
        var island = outer.Island;
        var isBoundary = false;
        var dispatcher = island.Dispatcher;
        foreach (var attribute in attributes.Span)
        {
            if (attribute is Attributes.AsyncBoundary)
                isBoundary = true;
            else if (attribute is ActorAttributes.Dispatcher other)
                dispatcher = other.Name;
        }

        if (isBoundary || dispatcher != island.Dispatcher)
        {
            island = new Island { Dispatcher = dispatcher };
            (_others ??= []).Add(island);
        }

        return new Scope(island, outer.Attributes.And(attributes));
    }

    public object AddStage(IGraphStageWithMaterializedValue<Shape, object> stage, Shape shape, in Scope scope)
    {
        var inlets = shape.InletCount;
        var outlets = shape.OutletCount;
        for (var i = 0; i < inlets; i++)
            Number(ref shape.InletAt(i).Id, i, shape);
        for (var i = 0; i < outlets; i++)
            Number(ref shape.OutletAt(i).Id, i, shape);

        var made = stage.CreateLogicAndMaterializedValue(scope.Attributes);
        var logic = made.Logic;
        logic.Blueprint = stage;
        scope.Island.Logics.Add(logic);
        scope.Island.LastAttributes = scope.Attributes;
        for (var i = 0; i < inlets; i++)
            _inlets.Add(new OpenPort(logic, i, scope.Island));
        for (var i = 0; i < outlets; i++)
            _outlets.Add(new OpenPort(logic, i, scope.Island));
        return made.MaterializedValue;
    }

    public (int Inlets, int Outlets) Mark() => (_inlets.Count, _outlets.Count);

    /// <summary>Makes the wires of a composite, counted from <paramref name="from"/>, and leaves the other ports open.</summary>
    public void Connect((int Inlets, int Outlets) from, Wire[] wires)
    {
        var inlets = CollectionsMarshal.AsSpan(_inlets)[from.Inlets..];
        var outlets = CollectionsMarshal.AsSpan(_outlets)[from.Outlets..];
        foreach (var wire in wires)
        {
            ref var outlet = ref outlets[wire.Outlet];
            ref var inlet = ref inlets[wire.Inlet];
            if (outlet.Island == inlet.Island)
                Connect(outlet.Island, outlet.Logic, outlet.Port, inlet.Logic, inlet.Port);
            else
                ConnectAcross(outlet, inlet);
            outlet = default;
            inlet = default;
        }

        Compact(_inlets, from.Inlets);
        Compact(_outlets, from.Outlets);
    }

    private static void Number(ref int id, int place, Shape shape)
    {
        if (id != place && id != -1)
            throw new ArgumentException($"A port of {shape} was shared among multiple stages. That is illegal.");
        id = place;
    }

    private static void Connect(Island island, GraphStageLogic from, int outlet, GraphStageLogic to, int inlet)
    {
        var connection = new Connection();
        from.AttachOut(outlet, connection);
        to.AttachIn(inlet, connection);
        island.Connections++;
    }

    private static void ConnectAcross(in OpenPort outlet, in OpenPort inlet)
    {
        var output = new OutputBoundary();
        var input = new InputBoundary(output);
        output.Downstream = input;
        Connect(outlet.Island, outlet.Logic, outlet.Port, output, 0);
        Connect(inlet.Island, input, 0, inlet.Logic, inlet.Port);
        outlet.Island.AddBoundary(output);
        inlet.Island.AddBoundary(input);
    }

    private static void Compact(List<OpenPort> ports, int from)
    {
        var keep = from;
        for (var i = from; i < ports.Count; i++)
        {
            if (ports[i].Logic is not null)
                ports[keep++] = ports[i];
        }

        ports.RemoveRange(keep, ports.Count - keep);
    }

    private readonly record struct OpenPort(GraphStageLogic Logic, int Port, Island Island);
}
