using Akka.Streams.Implementation;
using Akka.Streams.Stage;

namespace Akka.Streams;

/// <summary>Makes kill switches: flows that hand elements on until their switch ends the stream.</summary>
public static class KillSwitches
{
    public static SharedKillSwitch Shared(string name) => new(name);

    /// <summary>A flow with a switch of its own for each run.</summary>
    public static IGraph<FlowShape<T, T>, UniqueKillSwitch> Single<T>() => UniqueStage<T>.Instance;

    private sealed class UniqueStage<T> : GraphStageWithMaterializedValue<FlowShape<T, T>, UniqueKillSwitch>
    {
        public static readonly UniqueStage<T> Instance = new();

        public override FlowShape<T, T> Shape { get; } = new(new Inlet<T>("KillSwitch.in"), new Outlet<T>("KillSwitch.out"));

        protected override Attributes InitialAttributes => Attributes.CreateName("breaker");

        public override ILogicAndMaterializedValue<UniqueKillSwitch> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
        {
            var signal = new KillSignal();
            return new LogicAndMaterializedValue<UniqueKillSwitch>(new KillSwitchLogic<T>(Shape, signal), new UniqueKillSwitch(signal));
        }

        public override string ToString() => "UniqueKillSwitchFlow";
    }
}
