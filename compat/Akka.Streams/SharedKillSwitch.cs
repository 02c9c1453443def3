using Akka.Streams.Implementation;
using Akka.Streams.Stage;

namespace Akka.Streams;

/// <summary>One kill switch for any number of streams, also for those that are started after it was used.</summary>
public sealed class SharedKillSwitch : IKillSwitch
{
    private readonly KillSignal _signal = new();
    private readonly string _name;

    internal SharedKillSwitch(string name) => _name = name;

    public void Shutdown() => _signal.Give();

    public void Abort(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        _signal.Give(cause);
    }

    public IGraph<FlowShape<T, T>, SharedKillSwitch> Flow<T>() => new Stage<T>(this);

    public override string ToString() => $"KillSwitch({_name})";

    private sealed class Stage<T>(SharedKillSwitch killSwitch) : GraphStageWithMaterializedValue<FlowShape<T, T>, SharedKillSwitch>
    {
        public override FlowShape<T, T> Shape { get; } = new(new Inlet<T>("KillSwitch.in"), new Outlet<T>("KillSwitch.out"));

        public override ILogicAndMaterializedValue<SharedKillSwitch> CreateLogicAndMaterializedValue(Attributes inheritedAttributes) =>
            new LogicAndMaterializedValue<SharedKillSwitch>(new KillSwitchLogic<T>(Shape, killSwitch._signal), killSwitch);

        public override string ToString() => $"Flow({killSwitch})";
    }
}
