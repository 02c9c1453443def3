using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Akka.Streams.Implementation.Fusing;
using static Akka.Streams.Implementation.Fusing.PortState;

namespace Akka.Streams.Stage;

/// <summary>
/// What a stage does with its ports while the stream runs. Push, Pull and Grab are the hot path of every stream: they load the connection,
/// test one mask and flip two bits; whatever else can be the case is told apart in a slow path. Value types are boxed in the slot.
/// </summary>
public abstract partial class GraphStageLogic
{
    protected internal void Pull<T>(Inlet<T> inlet)
    {
        var connection = Connections[inlet.Id];
        var state = connection.State;
        if ((state & (InReady | InClosed | OutClosed)) == InReady)
        {
            connection.State = state ^ StartPull;
            _interpreter.ChasePull(connection);
        }
        else
        {
            PullSlow(connection, inlet);
        }
    }

    /// <summary>Pulls unless the port is closed.</summary>
    protected internal void TryPull<T>(Inlet<T> inlet)
    {
        if (!IsClosed(inlet))
            Pull(inlet);
    }

    protected internal T Grab<T>(Inlet<T> inlet)
    {
        var connection = Connections[inlet.Id];
        var element = connection.Slot;
        if ((connection.State & (InReady | Failed | InClosed)) == InReady && element is not null)
        {
            connection.Slot = null;
            return Cast<T>(element);
        }

        return GrabSlow(connection, inlet);
    }

    protected internal void Push<T>(Outlet<T> outlet, T element)
    {
        var connection = Connections[InCount + outlet.Id];
        var state = connection.State;
        if ((state & (OutReady | OutClosed | InClosed)) == OutReady && element is not null)
        {
            connection.State = state ^ StartPush;
            connection.Slot = element;
            _interpreter.ChasePush(connection);
        }
        else
        {
            PushSlow(connection, outlet, element is null);
        }
    }

    protected bool HasBeenPulled<T>(Inlet<T> inlet) => Connections[inlet.Id].HasBeenPulled;

    /// <summary>Whether an element can be grabbed.</summary>
    protected internal bool IsAvailable<T>(Inlet<T> inlet) => Connections[inlet.Id].HasElement;

    protected bool IsClosed<T>(Inlet<T> inlet) => (Connections[inlet.Id].State & InClosed) != 0;

    /// <summary>Whether an element can be pushed.</summary>
    protected internal bool IsAvailable<T>(Outlet<T> outlet) =>
        (Connections[InCount + outlet.Id].State & (OutReady | OutClosed)) == OutReady;

    protected bool IsClosed<T>(Outlet<T> outlet) => (Connections[InCount + outlet.Id].State & OutClosed) != 0;

    internal IInHandler GetInHandler(int id) =>
        Connections is not null ? Connections[id].InHandler : (IInHandler)_initialHandlers[id];

    internal IOutHandler GetOutHandler(int id) =>
        Connections is not null ? Connections[InCount + id].OutHandler : (IOutHandler)_initialHandlers[InCount + id];

    /// <summary>
    /// The wiring of typed ports guarantees the type of a reference; not checking it again saves the lookup of T in shared generic code.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Cast<T>(object element) =>
        typeof(T).IsValueType ? (T)element : Unsafe.As<object, T>(ref element);

    private static void PullSlow(Connection connection, Inlet inlet)
    {
        if ((connection.State & InClosed) != 0)
            Throw($"Cannot pull closed port ({inlet})");
        if (connection.HasBeenPulled)
            Throw($"Cannot pull port ({inlet}) twice");

        // The upstream has closed and the stage does not know yet: the pull is lost, but the state has to go round.
        connection.State ^= StartPull;
    }

    private static T GrabSlow<T>(Connection connection, Inlet<T> inlet)
    {
        if (!connection.HasElement)
            Throw($"Cannot get element from already empty input port ({inlet})");
        return (T)connection.TakeElement();
    }

    private static void PushSlow(Connection connection, Outlet outlet, bool isNull)
    {
        if (isNull)
            throw new ArgumentNullException(paramName: null, "Element must not be null, rule 2.13");
        if ((connection.State & OutClosed) != 0)
            Throw($"Cannot push closed port ({outlet})");
        if ((connection.State & OutReady) == 0)
            Throw($"Cannot push port ({outlet}) twice, or before it has been pulled");

        // The downstream has cancelled and the stage does not know yet: the element is lost, but the state has to go round.
        connection.State ^= StartPush;
    }

    [DoesNotReturn]
    private static void Throw(string message) => throw new ArgumentException(message);
}
