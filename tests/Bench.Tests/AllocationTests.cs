using System.Reflection;
using BenchmarkDotNet.Attributes;
using UdsBroker.Bench.Micro;

namespace UdsBroker.Bench.Tests;

/// <summary>
/// Every benchmark that says what it may allocate keeps to it, with each of its parameters up to a thousand. "Nothing is allocated for each message in the steady
/// state" is <see cref="RouterBenchmarks"/>: the data path from the received bytes to the system call.
/// </summary>
public sealed class AllocationTests
{
    private const int Calls = 200;

    public static TheoryData<string, string, int> Benchmarks
    {
        get
        {
            var all = new TheoryData<string, string, int>();
            foreach (var type in typeof(AllocatesAtMostAttribute).Assembly.GetExportedTypes())
            {
                foreach (var method in type.GetMethods().Where(method => method.IsDefined(typeof(AllocatesAtMostAttribute))))
                {
                    foreach (var value in Values(type)) all.Add(type.Name, method.Name, value);
                }
            }

            return all;
        }
    }

    // A million patterns take a while to make and cannot allocate otherwise than a thousand.
    [Theory]
    [MemberData(nameof(Benchmarks))]
    public void A_benchmark_allocates_no_more_than_it_says(string typeName, string methodName, int parameter)
    {
        var type = typeof(AllocatesAtMostAttribute).Assembly.GetExportedTypes().Single(type => type.Name == typeName);
        var bench = Activator.CreateInstance(type)!;
        Parameter(type)?.SetValue(bench, parameter);
        type.GetMethods().SingleOrDefault(method => method.IsDefined(typeof(GlobalSetupAttribute)))?.Invoke(bench, null);
        var method = type.GetMethod(methodName)!;
        var run = Runner(method, bench);
        var least = Enumerable.Range(0, 5).Min(_ => Allocated(run));

        // Less than a byte for each call is not the benchmark's but the runtime's.
        Assert.True(least / Calls <= method.GetCustomAttribute<AllocatesAtMostAttribute>()!.Bytes, $"{least / Calls} bytes for each call");
    }

    [Fact]
    public void Every_gate_is_found() => Assert.True(Benchmarks.Count >= 12);

    private static long Allocated(Action run)
    {
        for (var i = 0; i < Calls; i++) run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++) run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // A delegate of the method's own type: reflection itself would allocate.
    private static Action Runner(MethodInfo method, object bench)
    {
        if (method.ReturnType == typeof(void)) return method.CreateDelegate<Action>(bench);
        var wrap = typeof(AllocationTests).GetMethod(nameof(Discard), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(method.ReturnType);
        return (Action)wrap.Invoke(null, [method, bench])!;
    }

    private static Action Discard<T>(MethodInfo method, object bench)
    {
        var call = method.CreateDelegate<Func<T>>(bench);
        return () => call();
    }

    private static IEnumerable<int> Values(Type type) =>
        Parameter(type)?.GetCustomAttribute<ParamsAttribute>()!.Values.Cast<int>().Where(value => value <= 1000) ?? [0];

    private static PropertyInfo? Parameter(Type type) => type.GetProperties().SingleOrDefault(property => property.IsDefined(typeof(ParamsAttribute)));
}
