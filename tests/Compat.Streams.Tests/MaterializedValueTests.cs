using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class MaterializedValueTests(Systems systems) : StreamTest(systems)
{
    [Fact]
    public void Keep_chooses_between_the_values_of_two_graphs()
    {
        var source = Source.Empty<int>().MapMaterializedValue(_ => "source");
        var flow = Flow.Create<int>().MapMaterializedValue(_ => "flow");
        var sink = Sink.Cancelled<int>().MapMaterializedValue(_ => "sink");
        Assert.Equal("source", source.To(sink).Run(Materializer));
        Assert.Equal("source", source.ToMaterialized(sink, Keep.Left).Run(Materializer));
        Assert.Equal("sink", source.ToMaterialized(sink, Keep.Right).Run(Materializer));
        Assert.Equal(("source", "sink"), source.ToMaterialized(sink, Keep.Both).Run(Materializer));
        Assert.Same(NotUsed.Instance, source.ToMaterialized(sink, Keep.None).Run(Materializer));
        Assert.Equal("source", source.Via(flow).To(sink).Run(Materializer));
        Assert.Equal((("source", "flow"), "sink"), source.ViaMaterialized(flow, Keep.Both).ToMaterialized(sink, Keep.Both).Run(Materializer));
        Assert.Equal(("source", ("flow", "sink")), source.ToMaterialized(flow.ToMaterialized(sink, Keep.Both), Keep.Both).Run(Materializer));
        Assert.Equal("sink", source.RunWith(sink, Materializer));
        Assert.Equal("source", sink.RunWith(source, Materializer));
        Assert.Equal(("source", "sink"), flow.RunWith(source, sink, Materializer));
    }

    [Fact]
    public void A_value_can_be_mapped_at_every_place()
    {
        Assert.Equal(42, Source.Empty<int>().MapMaterializedValue(_ => 40).MapMaterializedValue(n => n + 1).To(Sink.Ignore<int>())
            .MapMaterializedValue(n => n + 1).Run(Materializer));
        Assert.Equal("6", Flow.Create<int>().MapMaterializedValue(_ => 5).Via(Flow.Create<int>()).MapMaterializedValue(n => n + 1)
            .ToMaterialized(Sink.Ignore<int>(), (n, _) => $"{n}").RunWith(Source.Empty<int>().MapMaterializedValue(_ => "6"), Materializer));
    }

    [Fact]
    public async Task One_graph_can_run_many_times_each_with_a_state_of_its_own()
    {
        var stage = new CountingStage();
        var graph = Source.From(["a", "b", "c"]).ViaMaterialized(stage, Keep.Right).ToMaterialized(Sink.Seq<string>(), Keep.Both);
        var (first, elements1) = graph.Run(Materializer);
        var (second, elements2) = graph.Run(Materializer);
        Assert.NotSame(first, second);
        Assert.Equal(["a", "b", "c"], await Within(elements1));
        Assert.Equal(["a", "b", "c"], await Within(elements2));
        Assert.Equal(3, first.Count);
        Assert.Equal(3, second.Count);
    }

    [Fact]
    public async Task One_stage_can_appear_many_times_in_a_graph()
    {
        var stage = new CountingStage();
        var flow = Flow.FromGraph(stage);
        var ((a, b), c) = Source.From(["x", "y"])
            .ViaMaterialized(flow, Keep.Right)
            .ViaMaterialized(flow.Via(flow), Keep.Both)
            .ViaMaterialized(stage, Keep.Both)
            .To(Sink.Ignore<string>())
            .Run(Materializer);
        await Within(Source.Empty<int>().RunWith(Sink.Ignore<int>(), Materializer));
        Assert.Equal(3, new HashSet<CountingStage.Counter> { a, b, c }.Count);
    }

    [Fact]
    public async Task Flows_join_to_a_ring_and_halves_to_a_flow()
    {
        var elements = Source.From([1, 2, 3])
            .Via(Flow.FromSinkAndSource(Sink.Ignore<int>(), Source.From(["a", "b"]), Keep.None))
            .RunWith(Sink.Seq<string>(), Materializer);
        Assert.Equal(["a", "b"], await Within(elements));

        var (kill, ended) = Flow.FromSinkAndSource(Sink.Ignore<int>(), Source.Repeat("x"), Keep.Left)
            .JoinMaterialized(Flow.Create<string>().Select(s => s.Length).ViaMaterialized(KillSwitches.Single<int>(), Keep.Right), (done, k) => (k, done))
            .Run(Materializer);
        kill.Shutdown();
        await Within(ended);
    }

    [Fact]
    public async Task A_flow_closes_one_side_of_a_bidi_stage()
    {
        var codec = new CodecStage();
        var doubled = Flow.Create<string>().Select(text => text + text).Join(codec);
        Assert.Equal([11, 22], await Within(Source.From([1, 2]).Via(doubled).RunWith(Sink.Seq<int>(), Materializer)));
        var named = Flow.Create<string>().JoinMaterialized(codec, (_, _) => "codec");
        Assert.Equal("codec", Source.Empty<int>().ViaMaterialized(named, Keep.Right).To(Sink.Ignore<int>()).Run(Materializer));
    }

    [Fact]
    public async Task A_closed_graph_and_a_shape_are_graphs_too()
    {
        var graph = RunnableGraph.FromGraph(Source.Single(1).ToMaterialized(Sink.First<int>(), Keep.Right));
        Assert.Equal(1, await Within(graph.Run(Materializer)));
        Assert.Equal(1, await Within(graph.Named("named").Run(Materializer)));
        Assert.Equal(1, await Within(graph.Run(System)));
        Assert.Same(ClosedShape.Instance, graph.Shape);
        Assert.IsType<SourceShape<int>>(Source.Single(1).Shape);
        Assert.IsType<SinkShape<int>>(Sink.Ignore<int>().Shape);
        Assert.IsType<FlowShape<int, string>>(Flow.Create<int>().Select(n => $"{n}").Shape);
    }

    [Fact]
    public void A_stage_that_throws_while_it_is_created_makes_the_run_throw()
    {
        var trouble = new InvalidOperationException("trouble");
        var thrown = Assert.ThrowsAny<Exception>(() => { Source.FromGraph(new UncreatableStage(trouble)).To(Sink.Ignore<string>()).Run(Materializer); });
        Assert.Same(trouble, thrown);
    }

    [Fact]
    public void A_stage_that_sets_no_handler_makes_the_run_throw()
    {
        Assert.ThrowsAny<Exception>(() => { Source.FromGraph(new UncreatableStage(null)).To(Sink.Ignore<string>()).Run(Materializer); });
    }

    [Fact]
    public void A_materialized_value_must_be_a_reference() =>
        Assert.Throws<InvalidCastException>(() => Source.FromGraph(new StructValueStage()));

    private sealed class StructValueStage : GraphStageWithMaterializedValue<SourceShape<string>, int>
    {
        public override SourceShape<string> Shape { get; } = new(new Outlet<string>("Struct.out"));

        public override ILogicAndMaterializedValue<int> CreateLogicAndMaterializedValue(Attributes inheritedAttributes) =>
            throw new NotSupportedException();
    }

    private sealed class UncreatableStage(Exception? trouble) : GraphStage<SourceShape<string>>
    {
        public override SourceShape<string> Shape { get; } = new(new Outlet<string>("Uncreatable.out"));

        protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => trouble is null ? new Logic(Shape) : throw trouble;

        private sealed class Logic(SourceShape<string> shape) : GraphStageLogic(shape);
    }

    private sealed class CountingStage : GraphStageWithMaterializedValue<FlowShape<string, string>, CountingStage.Counter>
    {
        public override FlowShape<string, string> Shape { get; } = new(new Inlet<string>("Count.in"), new Outlet<string>("Count.out"));

        public override ILogicAndMaterializedValue<Counter> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
        {
            var counter = new Counter();
            return new LogicAndMaterializedValue<Counter>(new Logic(Shape, counter), counter);
        }

        public sealed class Counter
        {
            public int Count { get; set; }
        }

        private sealed class Logic : InAndOutGraphStageLogic
        {
            private readonly FlowShape<string, string> _shape;
            private readonly Counter _counter;

            public Logic(FlowShape<string, string> shape, Counter counter)
                : base(shape)
            {
                _shape = shape;
                _counter = counter;
                SetHandlers(shape.Inlet, shape.Outlet, this);
            }

            public override void OnPush()
            {
                _counter.Count++;
                Push(_shape.Outlet, Grab(_shape.Inlet));
            }

            public override void OnPull() => Pull(_shape.Inlet);
        }
    }
}
